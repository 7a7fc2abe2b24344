"""The tags every template of Koine may use without loading: filters for names and numbers, links, icons, fields.

The larger pieces stand in `network.frame.pieces` and are registered here too, so that there is one library.
`docs/components.md` lists them all with their parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext as _

from network.frame import around, fields, links, moments, names, pieces, plots, rows
from network.frame.icons import DIRECTIONAL, ICONS
from network.languages import direction as direction_of, native_name as native_name_of

register = template.Library()

# --- names and numbers ------------------------------------------------------------------------------------------------


@register.filter
def bdi(value: Any) -> SafeString | str:
    """A name, title, address or code that people typed, kept apart from the direction of the text around it."""
    return format_html("<bdi>{}</bdi>", value) if value not in (None, "") else ""


@register.filter
def number(value: Decimal | float | int | None) -> str:
    """A number in the reader's separators and Latin digits; nothing for nothing."""
    return "" if value is None else names.number_text(value)


@register.filter
def percent(value: Decimal | float | None) -> str:
    """A share of one as a percentage: 0.5 is 50%."""
    return "" if value is None else names.percent_text(value)


@register.simple_tag
def money(amount: Decimal | float | int | None, currency: str) -> SafeString | str:
    """An amount of an ISO 4217 currency, kept on one line and apart from the text's direction."""
    if amount is None:
        return ""
    return format_html('<bdi class="money" dir="ltr">{}</bdi>', names.money_text(amount, currency))


@register.filter
def file_size(octets: int | None) -> str:
    """A file's size in words; nothing for nothing."""
    return "" if octets is None else names.size_text(octets)


@register.filter
def country_name(code: str | None) -> str:
    """A country's name in the reader's language, by its ISO 3166 alpha-2 code."""
    return names.country_name(code or "")


@register.filter
def language_name(code: str | None) -> str:
    """A language's name in the reader's language."""
    return names.language_name(code or "")


@register.filter
def native_name(code: str) -> str:
    """A language's name in itself."""
    return native_name_of(code)


@register.filter
def direction(code: str) -> str:
    """`rtl` or `ltr` of a language code."""
    return direction_of(code)


# --- moments ----------------------------------------------------------------------------------------------------------


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """30 November 2026, as a `time` element; nothing for nothing."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), moments.day_text(value))


@register.simple_tag
def local_moment(moment: datetime, zone: str) -> SafeString:
    """Mon 30 Nov 2026, 17:00 London, as a `time` element: an aware datetime told in an IANA zone."""
    return format_html(
        '<time datetime="{}"><bdi>{}</bdi></time>', moment.isoformat(), moments.moment_text(moment, zone)
    )


# --- links ------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: Any) -> str:
    """This page's query with parameters set, or taken out by None or "": `href="{% url_with sort='title' %}"`."""
    return links.query_with(context["request"].GET, changes)


@register.simple_tag(takes_context=True)
def url_without(context: Context, key: str, value: Any) -> str:
    """This page's query without one value of a repeated parameter."""
    return links.query_without(context["request"].GET, key, value)


# --- icons ------------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A drawing of `network.frame.icons`; silent beside a word, or with `label` where it stands alone. size: "" or small."""
    return _drawing(name, size, str(label))


@lru_cache(maxsize=500)
def _drawing(name: str, size: str, label: str) -> SafeString:
    marks = (
        f"icon icon--{name}"
        + (" icon--directional" if name in DIRECTIONAL else "")
        + (f" icon--{size}" if size else "")
    )
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="{}" viewBox="0 0 24 24" {}><path d="{}"/></svg>', marks, spoken, ICONS[name])


# --- forms ------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def form_field(
    field: BoundField,
    label: Any = None,
    hint: Any = None,
    max_words: int | None = None,
    max_characters: int | None = None,
    cards: bool = False,
    size: str = "",
    page_heading: bool = False,
    mark_optional: bool = True,
) -> dict[str, Any]:
    """A form's field with label, hint, error and counter. size: "", short or medium; cards draws choices as cards;
    page_heading makes the label the page's h1 (one question a page)."""
    attrs = {"class": size} if size else None
    shown = fields.show(
        field,
        label=label,
        hint=hint,
        max_words=max_words,
        max_characters=max_characters,
        attrs=attrs,
        mark_optional=mark_optional,
    )
    return {"shown": shown, "cards": cards, "page_heading": page_heading}


@register.inclusion_tag("components/fields.html")
def form_fields(form: Any, mark_optional: bool = True) -> dict[str, Any]:
    """Every field of a form in its order, hidden ones first."""
    return {"form": form, "mark_optional": mark_optional}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """The list of what is wrong, first in `main`, each error a link to its field. Takes forms and formsets, or None."""
    return {"errors": fields.errors_of(forms)}


@register.simple_tag
def error_prefix(*forms: Any) -> str:
    """ "Error: " for the title of a page whose form was refused, in the reader's language; nothing otherwise."""
    return _("Error: ") if fields.errors_of(forms) else ""


@register.filter
def joined(values: Iterable[Any]) -> SafeString:
    """Names in one line with the language's comma, each kept apart from the text's direction."""
    return _joined(tuple((str(value), hasattr(value, "__html__")) for value in values), get_language() or "en")


@lru_cache(maxsize=2000)
def _joined(values: tuple[tuple[str, bool], ...], language: str) -> SafeString:
    # Kept, because twenty rows name the same few languages. Whether a text is safe HTML is part of what it is found by.
    return format_html_join(_(", "), "<bdi>{}</bdi>", ((mark_safe(text) if safe else text,) for text, safe in values))


around.register_all(register)
pieces.register_all(register)
register.simple_tag(rows.result_row)
plots.register_all(register)
