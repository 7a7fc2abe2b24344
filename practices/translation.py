from modeltranslation.translator import TranslationOptions, register

from practices.models import Adoption, Concept, Evidence, Practice, PracticeNarrative, Result


@register(Concept)
class ConceptTranslation(TranslationOptions):
    fields = ("label", "scope_note")


@register(Practice)
class PracticeTranslation(TranslationOptions):
    fields = ("title", "strapline", "summary")


@register(PracticeNarrative)
class PracticeNarrativeTranslation(TranslationOptions):
    fields = ("challenge", "goals", "actions", "participation", "lessons")


@register(Result)
class ResultTranslation(TranslationOptions):
    fields = ("indicator", "unit", "method")


@register(Evidence)
class EvidenceTranslation(TranslationOptions):
    fields = ("title",)


@register(Adoption)
class AdoptionTranslation(TranslationOptions):
    fields = ("what_changed", "result")
