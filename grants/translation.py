from modeltranslation.translator import TranslationOptions, register

from grants.models import Criterion, EligibilityCriterion, Fund, Round


@register(Fund)
class FundTranslation(TranslationOptions):
    fields = ("title", "purpose", "who_can_apply")


@register(Round)
class RoundTranslation(TranslationOptions):
    fields = ("title",)


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("name", "guidance")


@register(EligibilityCriterion)
class EligibilityCriterionTranslation(TranslationOptions):
    fields = ("question", "help", "refusal")
