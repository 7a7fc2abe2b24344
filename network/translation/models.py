"""Reading translated content in one query, in the reader's language or honestly in another.

modeltranslation keeps one column per language (`title_el`) beside a base column (`title`) that holds whatever language
was active at the last save: nothing reads or writes the base column. List pages read `for_language(code)`, which picks
exactly the columns needed (35 ms and 2 MB for 1,000 rows against 427 ms and 73 MB for whole rows).
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, NullIf

from network.languages import CODES, DEFAULT, LANGUAGES, fallbacks


def column(field: str, code: str) -> str:
    """The column of a translated field in one language: `column("title", "el")` is `title_el`."""
    if code not in LANGUAGES:
        raise ValueError(f"{code} is not a language of Koine")
    return f"{field}_{code}"


def write(instance: models.Model, field: str, texts: dict[str, str]) -> None:
    """Set a translated field in the given languages; languages not named are left as they are."""
    for code, text in texts.items():
        setattr(instance, column(field, code), text)


def texts_of(instance: models.Model, field: str) -> dict[str, str]:
    """A translated field's texts by language, empty ones left out."""
    return {code: text for code in CODES if (text := getattr(instance, column(field, code)))}


def text_in(instance: models.Model, field: str, code: str, original: str | None = None) -> tuple[str, str]:
    """A translated field's text for a reader of `code`, and the language it is in; ("", code) where there is none.

    Looked for in the reader's language, the text's original, English, then any. For a row loaded whole.
    """
    for language in fallbacks(code, original):
        if text := getattr(instance, column(field, language)):
            return text, language
    return "", code


class TranslatedQuerySet(models.QuerySet):
    """A queryset of a model with translated fields.

    The model names in `CARD` the fields a list shows; `ORIGINAL` the column with the record's original language and
    `AVAILABLE` the array of languages in which the record is complete (both None where names only fall back), and
    `NATIVE` a plain column to fall back on.
    """

    def for_language(self, code: str, *fields: str) -> Self:
        """Annotate `shown_<field>` for each field (the model's CARD by default) and `shown_language`; defer the columns.

        A record that is complete in `code` is shown in it, otherwise wholly in its original language: never a mixture.
        Models without an original language fall back field by field: code, English, the native name, any other.
        """
        model: Any = self.model
        wanted = fields or model.CARD
        every = [column(f, c) for f in _translated(model) for c in CODES] + _translated(model)
        if model.ORIGINAL:
            complete = When(**{f"{model.AVAILABLE}__contains": [code]}, then=Value(code))
            shown: dict[str, Any] = {
                "shown_language": Case(complete, default=F(model.ORIGINAL), output_field=models.CharField())
            }
            for field in wanted:
                by_original = [When(**{model.ORIGINAL: c}, then=F(column(field, c))) for c in CODES]
                shown[f"shown_{field}"] = Case(
                    When(**{f"{model.AVAILABLE}__contains": [code]}, then=F(column(field, code))),
                    *by_original,
                    default=Value(""),
                    output_field=models.TextField(),
                )
        else:
            shown = {f"shown_{field}": self._any_language(field, code) for field in wanted}
        return self.annotate(**shown).defer(*every)

    def _any_language(self, field: str, code: str) -> Coalesce:
        model: Any = self.model
        order = list(dict.fromkeys([code, DEFAULT]))
        rest = [c for c in CODES if c not in order]
        chain: list[Any] = [NullIf(F(column(field, c)), Value("")) for c in order]
        if model.NATIVE:
            chain.append(NullIf(F(model.NATIVE), Value("")))
        chain += [NullIf(F(column(field, c)), Value("")) for c in rest]
        return Coalesce(*chain, Value(""), output_field=models.TextField())


def _translated(model: type[models.Model]) -> list[str]:
    return sorted(
        {field.translated_field.name for field in model._meta.get_fields() if hasattr(field, "translated_field")}
    )


class Translated(models.Model):
    """Base of models with translated content; see `TranslatedQuerySet` for the four class attributes."""

    CARD: ClassVar[tuple[str, ...]] = ("name",)
    ORIGINAL: ClassVar[str | None] = None
    AVAILABLE: ClassVar[str | None] = None
    NATIVE: ClassVar[str | None] = None

    class Meta:
        abstract = True
