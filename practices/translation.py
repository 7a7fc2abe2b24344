from modeltranslation.translator import TranslationOptions, register

from practices.models import (
    Adoption,
    BuildingBlock,
    Concept,
    Evidence,
    LabelKind,
    Lesson,
    Partner,
    Practice,
    PracticeImage,
    PracticeNarrative,
    Result,
    TransferCondition,
)


@register(Concept)
class ConceptTranslation(TranslationOptions):
    fields = ("label", "scope_note")


@register(Practice)
class PracticeTranslation(TranslationOptions):
    fields = ("title", "strapline", "summary", "area")


@register(PracticeNarrative)
class PracticeNarrativeTranslation(TranslationOptions):
    fields = ("challenge", "goals", "actions", "participation", "funding")


@register(Result)
class ResultTranslation(TranslationOptions):
    fields = ("indicator", "unit", "method")


@register(Evidence)
class EvidenceTranslation(TranslationOptions):
    fields = ("title", "side_effects")


@register(Adoption)
class AdoptionTranslation(TranslationOptions):
    fields = ("what_changed", "result")


@register(BuildingBlock)
class BuildingBlockTranslation(TranslationOptions):
    fields = ("title", "text", "factors", "lesson")


@register(Lesson)
class LessonTranslation(TranslationOptions):
    fields = ("text",)


@register(TransferCondition)
class TransferConditionTranslation(TranslationOptions):
    fields = ("text",)


@register(Partner)
class PartnerTranslation(TranslationOptions):
    fields = ("role",)


@register(PracticeImage)
class PracticeImageTranslation(TranslationOptions):
    fields = ("alt", "caption")


@register(LabelKind)
class LabelKindTranslation(TranslationOptions):
    fields = ("name", "meaning")
