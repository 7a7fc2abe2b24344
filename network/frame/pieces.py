"""The pieces that carry the product, as template tags. Each draws `templates/components/<its name>.html`.

They take plain values: no model of any app is known here. Where a piece takes a list, the docstring names the keys of
its dictionaries; a key that is missing counts as empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.paginator import Page
from django.template import Library
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from network.frame import fields, moments, names
from network.frame.autosave import autosave_texts
from network.frame.facets import facets, filter_panel
from network.frame.links import in_language, query_with
from network.languages import direction, native_name

Item = dict[str, Any]

MATURITY = ("emerging", "promising", "good", "transferred")
# The mark's four steps lie on a line from 8 to 80, all in viewBox units.
STEP_X = (8, 32, 56, 80)


def language_line(
    context: Context,
    original: str,
    shown: str,
    state: str = "",
    versions: Iterable[str] = (),
    checked: str = "",
    parameter: str = "",
) -> Item:
    """Which language one reads. original, shown: codes; state: approved, machine or stale (of the shown translation);
    versions: codes in which this content exists; checked: the day of the last check, in words; parameter: the links
    change only the text, by this parameter of the page, and the interface stays."""
    request = context.get("request")
    wanted = get_language() or "en"
    path = request.get_full_path() if request else f"/{wanted}/"
    versions = list(versions)

    def address(code: str) -> str:
        if parameter and request:
            return query_with(request.GET, {parameter: None if code == wanted else code})
        return in_language(path, code)

    return {
        "untranslated": shown != wanted and wanted not in versions,
        "original": original,
        "shown": shown,
        "wanted": wanted,
        "state": state,
        "checked": checked,
        "original_name": names.language_name(original),
        "shown_name": names.language_name(shown),
        "wanted_name": names.language_name(wanted),
        "others": [
            {"code": code, "name": native_name(code), "direction": direction(code), "url": address(code)}
            for code in versions
            if code != shown
        ],
    }


def maturity_mark(level: str, reasons: Sequence[Item] | None = None) -> Item:
    """How far a practice has come. level: emerging, promising, good or transferred; reasons: dicts met (bool), text."""
    reached = MATURITY.index(level) + 1
    words = {"emerging": _("Emerging"), "promising": _("Promising"), "good": _("Good"), "transferred": _("Transferred")}
    return {
        "level": level,
        "word": words[level],
        "step": reached,
        "steps": [{"x": x, "filled": n < reached} for n, x in enumerate(STEP_X)],
        "path_start": STEP_X[0],
        "path_end": STEP_X[-1],
        "filled_end": STEP_X[reached - 1],
        "reasons": reasons,
    }


def deadline(
    closes_at: datetime,
    zone: str,
    now: datetime | None = None,
    readers_zone: str | None = None,
    block: bool = False,
) -> Item:
    """A deadline: when it closes in its own zone and in the reader's, and how long there is to go.
    zone: IANA name; now and readers_zone only where they are not the present ones; block: larger, on three lines."""
    return {"words": moments.deadline_words(closes_at, zone, now=now, readers_zone=readers_zone), "block": block}


def pot_bar(parts: Sequence[Item], currency: str, caption: str = "") -> Item:
    """A fund's pot. parts: dicts name, amount, reserved, committed, paid (Decimal; the three are apart from each other
    and together at most the amount). The bar is drawn by share, the figures stand in the table under it."""
    total = sum((part["amount"] for part in parts), Decimal(0))
    gap = 6
    room = Decimal(1000 - gap * max(len(parts) - 1, 0))
    segments, rows, x = [], [], Decimal(0)
    for part in parts:
        spent = [(key, Decimal(part.get(key) or 0)) for key in ("paid", "committed", "reserved")]
        free = part["amount"] - sum(value for _key, value in spent)
        cursor = x
        for key, value in [*spent, ("free", free)]:
            width = room * value / total if total else Decimal(0)
            if width:
                segments.append({"kind": key, "x": f"{cursor:.2f}", "width": f"{width:.2f}"})
            cursor += width
        x = cursor + gap
        rows.append({"name": part["name"], "amount": part["amount"], "free": free, **dict(spent)})
    sums = {
        key: sum((row[key] for row in rows), Decimal(0)) for key in ("amount", "paid", "committed", "reserved", "free")
    }
    return {
        "segments": segments,
        "rows": rows,
        "sums": sums,
        "several": len(rows) > 1,
        "currency": currency,
        "caption": caption,
    }


def saved_state(state: str = "saved", at: str = "", reason: str = "") -> Item:
    """What became of a section's text. state: saved, saving, unsaved or failed; at: the hour in words; reason: why not."""
    return {"state": state, "at": at, "reason": reason}


def city_chip(
    name: str, native: str = "", native_language: str = "", country: str = "", url: str = "", plain: bool = False
) -> Item:
    """A city: its name in the reader's language, its own name in its script, its country (ISO 3166 alpha-2) in words.
    The native name is left out where it is the same. plain: without the border, inside a line of text."""
    return {
        "name": name,
        "native": native if native and native != name else "",
        "native_language": native_language,
        "native_direction": direction(native_language) if native_language else "",
        "country": names.country_name(country),
        "url": url,
        "plain": plain,
    }


def timeline(items: Sequence[Item], label: str = "") -> Item:
    """A list that draws itself as a line. items: dicts when, what, url, more, state (current, ended or nothing)."""
    return {"items": items, "label": label}


def chips(items: Sequence[Item], label: str = "") -> Item:
    """Small words in a row. items: dicts text, url, kind (civic, good, watch, stop, plum, chosen), icon, remove (an
    address that takes the choice away)."""
    return {"items": drawn_chips(items), "label": label}


def drawn_chips(items: Sequence[Item]) -> list[SafeString]:
    """Each chip of `chips` as it stands in its row."""
    keys = ("url", "kind", "icon", "remove")
    language = get_language() or "en"
    return [
        _chip(
            str(item["text"]), hasattr(item["text"], "__html__"), *(str(item.get(key) or "") for key in keys), language
        )
        for item in items
    ]


@lru_cache(maxsize=2000)
def chip_row(drawn: tuple[SafeString, ...]) -> SafeString:
    """The chips of a result in their list. Kept, as each of them is."""
    return render_to_string("components/chips.html", {"items": drawn, "label": ""})


@lru_cache(maxsize=2000)
def _chip(text: str, safe: bool, url: str, kind: str, icon: str, remove: str, language: str) -> SafeString:
    # Kept, because a list of twenty practices shows the same few themes eighty times.
    values = {"text": SafeString(text) if safe else text, "url": url, "kind": kind, "icon": icon, "remove": remove}
    return SafeString(render_to_string("components/chip.html", values).strip())


@lru_cache(maxsize=200)
def plain_mark(level: str, language: str) -> SafeString:
    """A maturity mark without its reasons: the same for every practice of that level."""
    return render_to_string("components/maturity_mark.html", maturity_mark(level))


def task_list(tasks: Sequence[Item]) -> Item:
    """Tasks of a form. tasks: dicts name, url (nothing: cannot start yet), hint, state (done, started, todo, error,
    blocked), word (instead of the state's own), more (a second link: text, url)."""
    words = {
        "done": _("Completed"),
        "started": _("In progress"),
        "todo": _("Not started"),
        "error": _("There is a problem"),
        "blocked": _("Cannot start yet"),
    }
    kinds = {"done": "", "started": "watch", "todo": "civic", "error": "stop", "blocked": ""}
    rows = [
        {**task, "id": f"task-{n}", "word": task.get("word") or words[task["state"]], "kind": kinds[task["state"]]}
        for n, task in enumerate(tasks, start=1)
    ]
    return {"tasks": rows}


def check_answers(rows: Sequence[Item], label: str = "") -> Item:
    """Answers before they are sent. rows: dicts question, answer (nothing: "Not provided"), url, what (for the hidden
    part of "Change"), lang (of the answer)."""
    return {"rows": rows, "label": label}


def receipt(title: str, number: str = "", number_label: str = "", lines: Sequence[Any] = ()) -> Item:
    """Done: what happened, the number to keep, what happens next, line by line."""
    return {"title": title, "number": number, "number_label": number_label or _("Your reference"), "lines": lines}


def map_panel(
    points: Sequence[Item] = (), label: str = "", data_url: str = "", list_id: str = "", small: bool = False
) -> Item:
    """A map of places. points: dicts lat, lon, name, native, country (a name), url, note; or data_url answering
    {"points": [...]}. list_id: the id of the list that says the same."""
    return {
        "points": list(points),
        "label": label or _("Map of cities"),
        "data_url": data_url,
        "list_id": list_id,
        "small": small,
    }


def empty_state(text: Any, url: str = "", act: Any = "", quiet: bool = False) -> Item:
    """Nothing here yet: one sentence of what belongs here, one button to begin."""
    return {"text": text, "url": url, "act": act, "quiet": quiet}


def facts(rows: Sequence[Item], across: bool = False) -> Item:
    """Names and values. rows: dicts name, value (rows without a value are left out), lang, url. across: side by side."""
    return {"rows": [row for row in rows if row.get("value") not in (None, "")], "across": across}


def breadcrumbs(*steps: Any) -> Item:
    """Where one is: name and address by turns, the last name without an address."""
    pairs = [{"name": steps[n], "url": steps[n + 1] if n + 1 < len(steps) else ""} for n in range(0, len(steps), 2)]
    return {"steps": pairs}


def tabs(items: Sequence[Item], label: str) -> Item:
    """Neighbouring pages. items: dicts name, url, current, count."""
    return {"items": items, "label": label}


def steps(names_: Sequence[Any], current: int) -> Item:
    """Where one is in a form of several pages; current counts from 1."""
    rows = [
        {"name": name, "state": "done" if n < current else "current" if n == current else "todo"}
        for n, name in enumerate(names_, start=1)
    ]
    return {"steps": rows, "current": current, "total": len(rows)}


def pagination(context: Context, page: Page, things: str = "") -> Item:
    """The pages of a list; shows nothing where there is one page. things: what is counted, in the plural."""
    return {
        "request": context["request"],
        "page": page,
        "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "gap": page.paginator.ELLIPSIS,
        "things": things,
    }


def upload_field(field: Any, files: Sequence[Item] = (), accept: str = "", limits: Any = "") -> Item:
    """A file to send, with those already there. files: dicts name, size (bytes), url, remove_url; limits: kinds and size in
    words, shown as the hint."""
    attrs = {"accept": accept} if accept else None
    return {"shown": fields.show(field, hint=limits or None, attrs=attrs), "files": files}


def notice(content: str, kind: str = "info", title: Any = "") -> SafeString:
    """{% notice kind title %} ... {% endnotice %}: what is so and what to do. kind: info, good, watch or stop."""
    icons = {"info": "info", "good": "check", "watch": "warning", "stop": "warning"}
    return render_to_string(
        "components/notice.html", {"content": content, "kind": kind, "title": title, "icon_name": icons[kind]}
    )


def section(content: str, title: Any, id: str = "", all_url: str = "", all_word: Any = "") -> SafeString:  # noqa: A002
    """{% section title id all_url all_word %} ... {% endsection %}: a stretch of a page under a rule."""
    values = {"content": content, "title": title, "id": id, "all_url": all_url, "all_word": all_word or _("See all")}
    return render_to_string("components/section.html", values)


def facts_rail(content: str, label: Any = "") -> SafeString:
    """{% facts_rail label %} ... {% endfacts_rail %}: what stands at the end side of a page that is read."""
    return render_to_string("components/facts_rail.html", {"content": content, "label": label or _("Facts")})


def data_table(content: str, caption: Any, hide_caption: bool = False) -> SafeString:
    """{% data_table caption %} thead, tbody {% enddata_table %}: a table in a scroller of its own."""
    return render_to_string(
        "components/data_table.html", {"content": content, "caption": caption, "hide_caption": hide_caption}
    )


# Tag name -> whether it needs the context (for the request).
DRAWN = {
    language_line: True,
    maturity_mark: False,
    deadline: False,
    pot_bar: False,
    saved_state: False,
    city_chip: False,
    timeline: False,
    chips: False,
    task_list: False,
    check_answers: False,
    receipt: False,
    map_panel: False,
    empty_state: False,
    facts: False,
    breadcrumbs: False,
    tabs: False,
    steps: False,
    pagination: True,
    filter_panel: True,
    facets: False,
    upload_field: False,
    autosave_texts: False,
}
BLOCKS = (notice, section, facts_rail, data_table)


def register_all(library: Library) -> None:
    """Make every piece a tag of `library`."""
    for piece, takes_context in DRAWN.items():
        library.inclusion_tag(f"components/{piece.__name__}.html", takes_context=takes_context or None)(piece)
    for block in BLOCKS:
        library.simple_block_tag(block)
