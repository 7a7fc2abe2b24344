"""Lists of the admin: capped pages, filters that are questions, and names read in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy as _

from network.frame.names import country_name
from network.languages import CODES, DEFAULT, fallbacks
from network.portal.work_queue import ASK

COUNTED_AT_MOST = 10_000


class CappedPaginator(Paginator):
    """Counts no further than 10,000 rows: nobody pages through more, and counting them all would cost every page."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        # Only the keys: what a row shows need not be worked out to be counted.
        return rows.order_by().values("pk")[:COUNTED_AT_MOST].count()


class KoineChangeList(ChangeList):
    """Reads what a row of the list shows (`ModelAdmin.list_rows`) and nothing else of the record."""

    def get_queryset(self, request, exclude_parameters=None):
        self.root_queryset = self.model_admin.list_rows(self.root_queryset)
        return super().get_queryset(request, exclude_parameters)

    def _get_default_ordering(self):
        return self.model_admin.list_ordering or super()._get_default_ordering()


@dataclass(frozen=True)
class Question:
    """A question that a list can be asked: a short key for addresses, the words, and the rows that answer yes."""

    key: str
    words: Any
    rows: Callable[[QuerySet], QuerySet]


class KoineFilter(SimpleListFilter):
    """A filter drawn as one choice above the list; it remembers its options for the template."""

    def has_output(self) -> bool:
        """A filter with a single option asks nothing, unless it is the one chosen now."""
        return len(self.lookup_choices) > 1 or self.value() is not None

    def options(self) -> list[dict[str, Any]]:
        """The options with the chosen one marked."""
        return [
            {"value": str(value), "words": words, "chosen": str(value) == self.value()}
            for value, words in self.lookup_choices
        ]

    def __iter__(self):
        yield from self.options()


class AskFilter(KoineFilter):
    """The questions of a list (`ModelAdmin.questions`), one at a time."""

    title = _("Show")
    parameter_name = ASK

    def lookups(self, request, model_admin):
        return [(question.key, question.words) for question in model_admin.questions]

    def queryset(self, request, queryset):
        asked = next((q for q in self.model_admin.questions if q.key == self.value()), None)
        return asked.rows(queryset) if asked else queryset

    def __init__(self, request, params, model, model_admin):
        self.model_admin = model_admin
        super().__init__(request, params, model, model_admin)


def country_filter(path: str) -> type[KoineFilter]:
    """A filter by country: `path` leads from the row to the ISO 3166 code. Only countries that occur are offered."""

    class CountryFilter(KoineFilter):
        title = _("Country")
        parameter_name = "country"

        def lookups(self, request, model_admin):
            codes = model_admin.get_queryset(request).order_by().values_list(path, flat=True).distinct()
            return sorted(((code, country_name(code)) for code in codes if code), key=lambda pair: pair[1])

        def queryset(self, request, queryset):
            return queryset.filter(**{path: self.value()}) if self.value() else queryset

    return CountryFilter


def related_filter(path: str, words: Any, names: Callable[[Any], QuerySet]) -> type[KoineFilter]:
    """A filter by a related thing: `names(request)` answers its rows as (slug, name), `path` leads to the slug."""

    class RelatedFilter(KoineFilter):
        title = words
        parameter_name = path.rsplit("__", 1)[0]

        def lookups(self, request, model_admin):
            return list(names(request))

        def queryset(self, request, queryset):
            return queryset.filter(**{path: self.value()}) if self.value() else queryset

    return RelatedFilter


def choice_filter(field: str, words: Any = None) -> type[KoineFilter]:
    """A filter by the choices of one of the model's own fields."""

    class ChoiceFilter(KoineFilter):
        title = words
        parameter_name = field

        def __init__(self, request, params, model, model_admin):
            if words is None:
                self.title = model._meta.get_field(field).verbose_name
            super().__init__(request, params, model, model_admin)

        def lookups(self, request, model_admin):
            return model_admin.model._meta.get_field(field).flatchoices

        def queryset(self, request, queryset):
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return ChoiceFilter


def name_through(path: str, *, native: str = "") -> Coalesce:
    """The name of a related row in the reader's language, else English, its native name, any other language.

    `path` is as in `F()`, without the language: `city__name`. As `TranslatedQuerySet.for_language`, across a relation.
    """
    code = get_language() or DEFAULT
    order = fallbacks(code)
    first, rest = order[:2], order[2:]
    chain: list[Any] = [NullIf(F(f"{path}_{one}"), Value("")) for one in dict.fromkeys((*first, DEFAULT))]
    if native:
        chain.append(NullIf(F(native), Value("")))
    chain += [NullIf(F(f"{path}_{one}"), Value("")) for one in rest if one in CODES]
    return Coalesce(*chain, Value(""), output_field=TextField())
