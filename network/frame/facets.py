"""The filters beside a list, and their choices with how many rows each would leave.

Choices are drawn in Python: a broad search offers some hundred, and a template would take longer for them than the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.forms import BaseForm
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from network.frame.names import number_text

Item = Mapping[str, Any]
PLAIN = re.compile(r"[\w-]+")


def filter_panel(
    context: Context,
    form: BaseForm,
    target: str = "results",
    clear_url: str = "",
    outside: str = "",
    facets: Sequence[Item] = (),
    note: Any = "",
) -> dict[str, Any]:
    """The filters beside a list, from a form answered by GET. On phones they open over the list; with htmx only
    `#<target>` and the filters are changed, and without scripts the page is fetched. outside: the name of one more
    control of this form that stands elsewhere on the page with `form="filters-form"`, such as the search box. facets:
    what stands with counts instead of the form's field (`network.frame.facets.drawn`); note: what is said of the counts."""
    request = context["request"]
    kept = [
        (key, value)
        for key, values in request.GET.lists()
        for value in values
        if key not in form.fields and key not in {"page", outside}
    ]
    names = {facet["name"] for facet in facets}
    return {
        "fields": [field for field in form.visible_fields() if field.name not in names],
        "facets": drawn(facets),
        "note": note,
        "target": target,
        "clear_url": clear_url or request.path,
        "path": request.path,
        "kept": kept,
    }


def facets(facets: Sequence[Item], note: Any = "") -> dict[str, Any]:
    """The filters with counts alone: the part of `{% filter_panel %}` that htmx changes beside the results."""
    return {"facets": drawn(facets), "note": note}


def drawn(facets: Sequence[Item]) -> list[dict[str, Any]]:
    """Filters that have something to offer, ready for `components/filter_panel.html`.

    facets: dicts name, label, options (dicts value label count chosen depth), more and hint (label and hint of a line for a
    value that is not offered). The first stands open, and so do those in force.
    """
    found = [one for one in facets if one["options"] or one.get("more")]
    return [
        {
            "id": f"facet-{one['name']}",
            "name": one["name"],
            "label": one["label"],
            "more": one.get("more", ""),
            "hint": one.get("hint", ""),
            "in_force": number_text(in_force) if in_force else "",
            "open": bool(in_force) or not place,
            "choices": choices(one["name"], one["options"]),
        }
        for place, one in enumerate(found)
        for in_force in [sum(bool(option["chosen"]) for option in one["options"])]
    ]


def choices(name: str, options: Iterable[Item]) -> SafeString:
    """Each choice as a box to tick, with its count. Ids stay the same while the choice does: the focus finds it again."""
    language = get_language()
    drawn = []
    for place, option in enumerate(options):
        value, count = str(option["value"]), option.get("count")
        own = value if PLAIN.fullmatch(value) else str(place)
        depth, chosen = int(option.get("depth") or 0), bool(option["chosen"])
        drawn.append(_choice(name, own, value, str(option["label"]), depth, chosen))
        if count is not None:
            drawn.append(_count(count, language))
        drawn.append("</span></label>")
    return mark_safe("".join(drawn))


@lru_cache(maxsize=5_000)
def _choice(name: str, own: str, value: str, label: str, depth: int, chosen: bool) -> str:
    """A choice up to its count. Kept, because every page of a list offers the same hundred: drawing them anew would take a
    tenth of it."""
    return (
        f'<label class="choice choice--counted" data-depth="{depth}" for="f-{name}-{own}">'
        f'<input type="checkbox" name="{name}" value="{escape(value)}" id="f-{name}-{own}"{" checked" if chosen else ""}>'
        f"<span><bdi>{escape(label)}</bdi>"
    )


@lru_cache(maxsize=20_000)
def _count(count: int, language: str | None) -> str:
    """A count in the reader's language: formatting takes longer than drawing."""
    return f' <span class="choice__count">{number_text(count)}</span>'
