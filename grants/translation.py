from modeltranslation.translator import TranslationOptions, register

from grants.models import Contribution, Criterion, EligibilityCriterion, Fund, Round


@register(Fund)
class FundTranslation(TranslationOptions):
    fields = ("title", "purpose", "who_can_apply", "who_decides")


@register(Contribution)
class ContributionTranslation(TranslationOptions):
    fields = ("conditions",)


@register(Round)
class RoundTranslation(TranslationOptions):
    fields = ("title",)


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("name", "guidance")


@register(EligibilityCriterion)
class EligibilityCriterionTranslation(TranslationOptions):
    fields = ("question", "help", "refusal")
