"""What the admin's templates need beyond Koine's own tags: labelled rows, fields of a form, pages of a list."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.templatetags.admin_list import result_headers, results
from django.core.paginator import Paginator
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from network.languages import LANGUAGES

register = template.Library()


@register.simple_tag
def list_table(cl: Any) -> dict[str, Any]:
    """The headings and rows of a list; each cell carries its heading, for phones where rows become small cards."""
    headers = list(result_headers(cl))
    labels = [
        SafeString("") if "action-checkbox" in str(h.get("class_attrib", "")) else conditional_escape(h["text"])
        for h in headers
    ]
    rows = [[_labelled(cell, label) for cell, label in zip(list(row), labels, strict=True)] for row in results(cl)]
    return {"headers": headers, "rows": rows}


def _labelled(cell: str, label: str) -> SafeString:
    """The cell with `data-label`. Django draws each as `<td ...>` or `<th ...>`."""
    if not label:
        return SafeString(cell)
    return SafeString(cell[:3] + format_html(' data-label="{}"', capfirst(label)) + cell[3:])


@register.simple_tag
def list_pages(cl: Any) -> dict[str, Any]:
    """The pages of a list for the piece `pagination`-like navigation: numbers, the present one, previous and next."""
    pages = cl.paginator.get_elided_page_range(cl.page_num, on_each_side=1, on_ends=1) if cl.result_count else []
    steps = [
        {
            "number": n,
            "here": n == cl.page_num,
            "gap": n == Paginator.ELLIPSIS,
            "url": "" if n == Paginator.ELLIPSIS else cl.get_query_string({"p": n}),
        }
        for n in pages
    ]
    last = cl.paginator.num_pages
    return {
        "steps": steps if last > 1 else [],
        "previous": cl.get_query_string({"p": cl.page_num - 1}) if cl.page_num > 1 else "",
        "next": cl.get_query_string({"p": cl.page_num + 1}) if cl.page_num < last else "",
        "first": (cl.page_num - 1) * cl.list_per_page + 1 if cl.result_count else 0,
        "last": min(cl.page_num * cl.list_per_page, cl.result_count),
        "count": cl.result_count,
    }


@register.simple_tag
def kept_parameters(cl: Any, *without: str) -> list[tuple[str, str]]:
    """The list's parameters that a form above it does not hold itself: the order of its columns."""
    return [
        (key, value) for key, value in cl.params.items() if key in {"o", "_popup", "_to_field"} and key not in without
    ]


@register.filter
def field_label(field: AdminReadonlyField) -> str:
    """The label of a read-only line; of a translated column without its language, which the group's heading says."""
    column = field.field["field"]
    model_field = next((one for one in field.model_admin.opts.concrete_fields if one.name == column), None)
    if model_field is not None and hasattr(model_field, "translated_field"):
        return capfirst(model_field.translated_field.verbose_name)
    return capfirst(field.field["label"])


@register.filter
def language_of_group(classes: str) -> dict[str, str]:
    """The language of a group of texts by its class `language-el`: code and direction; empty for other groups."""
    code = next((one.removeprefix("language-") for one in classes.split() if one.startswith("language-")), "")
    return {"code": code, "direction": LANGUAGES[code].direction} if code else {}


@register.filter
def is_own_language(code: str) -> bool:
    """Whether this is the language the page is read in."""
    return code == get_language()


@register.filter
def glimpse(fieldset: Any, record: Any) -> str:
    """The first text of a group of one language as it stands on record; nothing where there is none."""
    texts = (getattr(record, name, "") for name in fieldset.fields) if record else ()
    return next((text[:120] for text in texts if text), "")


@register.filter
def has_errors(fieldset: Any) -> bool:
    """Whether something in the group was refused: it is opened then."""
    return any(name in fieldset.form.errors for name in fieldset.fields)
