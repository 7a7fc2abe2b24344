"""The buttons of a section that save and do one thing more: rows added, moved, removed and brought back, and ways onward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from practices.models import PracticeVersion
from practices.queries.record import section_url
from practices.queries.told import row_name
from practices.rules.rows import blank_row, moved, place_of, put_back, without
from practices.rules.sections import FILES, Kind, Section
from practices.rules.writing import ROWS, is_blank

# The row that was removed last, in the session of whoever removed it: it can be brought back.
REMOVED = "removed_row"


@dataclass(frozen=True)
class Step:
    """What a button makes of a section: what is saved, where to go then ("" is onward), and the row that goes or comes."""

    data: dict[str, Any]
    onward: str = ""
    removed: dict[str, Any] | None = None
    brought_back: bool = False


def step_of(request: HttpRequest, version: PracticeVersion, section: Section, data: dict[str, Any]) -> Step:
    """The step of the button that was pressed (`act`)."""
    verb, _colon, key = request.POST.get("act", "").partition(":")
    here = section_url(version, section)
    find = request.POST.get("find", "")[:100]
    # The Return key in the filter's field presses the form's first button.
    if verb == "find" or (not verb and find != request.POST.get("found", "")):
        return Step(data, f"{here}?{urlencode({'find': find})}#find")
    match verb:
        case "leave":
            return Step(_tidied(section, data), version.get_absolute_url())
        case "preview":
            return Step(data, reverse("practices:record_preview", args=[version.practice.slug]))
    if section.rows and verb:
        return _row_step(request, version, section, data, verb, key)
    return Step(_tidied(section, data))


def _row_step(
    request: HttpRequest, version: PracticeVersion, section: Section, data: dict[str, Any], verb: str, key: str
) -> Step:
    here, rows = section_url(version, section), data.get(ROWS) or []
    place = place_of(rows, key)
    match verb:
        case "add":
            row = blank_row(section)
            if any(one.kind == Kind.PICTURE for one in section.rows):
                # A picture begins with its file; the row comes with it.
                return Step(data, _file_url(version, section, row["key"]))
            # Without a fragment: where an address has one, browsers give the focus to nothing.
            return Step({**data, ROWS: [*rows, row]}, f"{here}?{urlencode({'new': row['key']})}")
        case "up" | "down":
            changed = moved(rows, key, -1 if verb == "up" else 1)
            return Step({**data, ROWS: changed}, f"{here}?{urlencode({'step': f'{verb}:{key}'})}")
        case "remove" if place is not None:
            kept = {"version": version.pk, "section": section.key, "row": rows[place], "place": place}
            removed = None if is_blank(section, rows[place]) else kept
            return Step({**data, ROWS: without(rows, key)}, f"{here}#rows", removed)
        case "undo" if removed := removed_row(request, version, section):
            changed = put_back(rows, removed["row"], removed["place"])
            return Step({**data, ROWS: changed}, f"{here}#row-{removed['row']['key']}", brought_back=True)
        case "file" if place is not None:
            return Step(data, _file_url(version, section, key))
        case "unfile":
            files = dict.fromkeys((one.key for one in section.rows if one.kind in FILES), "")
            changed = [{**row, **files} if row["key"] == key else row for row in rows]
            return Step({**data, ROWS: changed}, f"{here}#row-{key}")
    return Step(data, here)


def remember(request: HttpRequest, section: Section, step: Step) -> None:
    """After a step is saved: keep the row that went so that it can be brought back, and say so."""
    if step.removed:
        request.session[REMOVED] = step.removed
        name = row_name(section, step.removed["row"], step.removed["place"] + 1)
        messages.info(request, _("%(row)s is removed. You can bring it back.") % {"row": name})
    elif step.brought_back:
        request.session.pop(REMOVED, None)


def removed_row(request: HttpRequest, version: PracticeVersion, section: Section) -> dict[str, Any] | None:
    """The row that this person removed last from the section, with the place it had."""
    kept = request.session.get(REMOVED)
    mine = kept and kept["version"] == version.pk and kept["section"] == section.key
    return kept if mine else None


def _tidied(section: Section, data: dict[str, Any]) -> dict[str, Any]:
    """Without the rows in which nothing was written."""
    if not section.rows:
        return data
    return {**data, ROWS: [row for row in data.get(ROWS) or () if not is_blank(section, row)]}


def _file_url(version: PracticeVersion, section: Section, key: str) -> str:
    return reverse("practices:record_file", args=[version.practice.slug, section.key, key])
