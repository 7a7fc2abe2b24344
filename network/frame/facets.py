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
    return mark_safe("".join(_choice(name, place, option) for place, option in enumerate(options)))


def _choice(name: str, place: int, option: Item) -> str:
    value = str(option["value"])
    # Escaped by hand: `format_html` would take most of the time of a page.
    own = f"f-{name}-{value if PLAIN.fullmatch(value) else place}"
    count = option.get("count")
    told = "" if count is None else f' <span class="choice__count">{_number(count, get_language())}</span>'
    return (
        f'<label class="choice choice--counted" data-depth="{int(option.get("depth") or 0)}" for="{own}">'
        f'<input type="checkbox" name="{name}" value="{escape(value)}" id="{own}"{" checked" if option["chosen"] else ""}>'
        f"<span><bdi>{escape(option['label'])}</bdi>{told}</span></label>"
    )


@lru_cache(maxsize=20_000)
def _number(count: int, language: str | None) -> str:
    """A count in the reader's language: formatting a hundred of them anew would take a tenth of a page."""
    return number_text(count)
