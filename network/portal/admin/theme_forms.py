"""Forms of the classification: words a line each, a place in the tree, merging and splitting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Case, F, IntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.text import slugify
from django.utils.translation import get_language, gettext as _, gettext_lazy

from network.languages import CODES, DEFAULT, LANGUAGES
from network.portal.admin.forms import KoineAdminForm, ReasonForm
from network.text import transliterate
from practices.domain.theme_merging import Part
from practices.models import Concept, Practice

# Practices that a page offers to be sorted into the parts of a theme.
OFFERED = 500


class LinesField(forms.Field):
    """A list of short texts, written one on a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(value or ())

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(self.prepare_value(initial)) != self.to_python(data)


def in_tree(rows: QuerySet) -> QuerySet:
    """Concepts in the order of their tree, each with its depth (0 for a top)."""
    top = Coalesce("broader__broader__position", "broader__position", "position")
    middle = Case(
        When(broader__broader__isnull=False, then=F("broader__position")),
        When(broader__isnull=False, then=F("position")),
        default=-1,
        output_field=IntegerField(),
    )
    last = Case(
        When(broader__broader__isnull=False, then=F("position")), default=-1, output_field=IntegerField()
    )  # fmt: skip
    depth = Case(
        When(broader__broader__isnull=False, then=2),
        When(broader__isnull=False, then=1),
        default=0,
        output_field=IntegerField(),
    )
    return rows.annotate(top_position=top, middle_position=middle, last_position=last, depth=depth)


TREE_ORDER = ("kind", "top_position", "middle_position", "last_position", "pk")


class ThemeField(forms.ModelChoiceField):
    """One concept in use, chosen from the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Concept.objects.none(), empty_label="", **kwargs)

    def offer(self, wanted: Q) -> None:
        """The concepts to choose from, named in the reader's language."""
        rows = Concept.objects.filter(wanted, archived_at__isnull=True).for_language(get_language() or DEFAULT)
        self.queryset = in_tree(rows).order_by(*TREE_ORDER)

    def label_from_instance(self, obj: Any) -> str:
        return "\u2003" * obj.depth + (obj.shown_label or obj.code)


class _ConceptForm(KoineAdminForm):
    """What a concept says, its words and its place."""

    broader = ThemeField(label=gettext_lazy("Part of"), required=False)
    exact_match = LinesField(
        label=gettext_lazy("Same concept elsewhere"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
        help_text=gettext_lazy(
            "Its address in another vocabulary, one on a line. Only where it means exactly the same."
        ),
    )
    close_match = LinesField(
        label=gettext_lazy("Similar concept elsewhere"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
        help_text=gettext_lazy("One address on a line."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        concept = self.instance
        if "broader" in self.fields:
            mine = Q(kind=concept.kind) & ~Q(pk=concept.pk) if concept.pk else Q()
            field: Any = self.fields["broader"]
            field.offer(mine)
        for code in CODES:
            if f"hidden_{code}" in self.fields:
                self.initial[f"hidden_{code}"] = concept.hidden_labels.get(code, [])


def _words_field(code: str) -> LinesField:
    language = LANGUAGES[code]
    return LinesField(
        label=gettext_lazy("Words that find it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "lang": code, "dir": language.direction}),
        help_text=gettext_lazy(
            "Synonyms, inflections and abbreviations that people write, one on a line. Never shown."
        ),
    )


# A field for each language, declared as Django's admin wants to find them.
ConceptForm: Any = type(_ConceptForm)(
    "ConceptForm",
    (_ConceptForm,),
    {"__module__": __name__, **{f"hidden_{code}": _words_field(code) for code in CODES}},
)


class MergeForm(ReasonForm):
    """Into which concept."""

    into = ThemeField(label=gettext_lazy("Into"))
    field_order = ("into", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme = self.initial["theme"]
        field: Any = self.fields["into"]
        field.offer(Q(kind=theme.kind) & ~Q(pk=theme.pk))


class SplitForm(ReasonForm):
    """One or two new concepts, and which practices go there; those that go nowhere stay."""

    label_1 = forms.CharField(label=gettext_lazy("First new theme, in English"), max_length=60)
    practices_1 = forms.MultipleChoiceField(
        label=gettext_lazy("Practices that go to the first"), required=False, widget=forms.CheckboxSelectMultiple
    )
    label_2 = forms.CharField(label=gettext_lazy("Second new theme, in English"), max_length=60, required=False)
    practices_2 = forms.MultipleChoiceField(
        label=gettext_lazy("Practices that go to the second"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("label_1", "practices_1", "label_2", "practices_2", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Practice.objects.filter(themes=self.initial["theme"]).for_language(get_language() or DEFAULT, "title")
        offered = [(str(pk), title) for pk, title in rows.order_by("pk").values_list("pk", "shown_title")[:OFFERED]]
        for name in ("practices_1", "practices_2"):
            field: Any = self.fields[name]
            field.choices = offered
            if not offered:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("practices_2") and not cleaned.get("label_2"):
            self.add_error("label_2", _("Name the second theme, or send no practices there."))
        return cleaned


def parts_in(data: dict[str, Any]) -> list[Part]:
    """What a split makes, out of the form; the code comes from the English label."""
    return [
        Part(
            code=slugify(transliterate(data[f"label_{n}"]))[:60].strip("-"),
            labels={DEFAULT: data[f"label_{n}"]},
            practices=[int(pk) for pk in data.get(f"practices_{n}", ())],
        )
        for n in (1, 2)
        if data[f"label_{n}"]
    ]
