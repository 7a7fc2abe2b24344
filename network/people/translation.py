from modeltranslation.translator import TranslationOptions, register

from network.people.models import Organisation


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("name", "description")
