from modeltranslation.translator import TranslationOptions, register

from cities.models import City, CityContact, CityImage


@register(City)
class CityTranslation(TranslationOptions):
    fields = ("name", "profile")


@register(CityContact)
class CityContactTranslation(TranslationOptions):
    fields = ("role",)


@register(CityImage)
class CityImageTranslation(TranslationOptions):
    fields = ("alt", "caption")
