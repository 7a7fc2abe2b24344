"""A fund's call on paper: all that its page says and every question of its form, to read and to write by.

One description (`call_data`) is set as a PDF (`call.typ`) and as plain HTML that a word processor opens
(`templates/grants/call.html`): sections of blocks, each text with the language it is in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext as _

from grants.models import Fund
from grants.queries.answers import Told
from grants.queries.funds import FundPage
from network.frame.names import money_text, number_text, percent_text
from network.languages import direction
from network.typesetting import fingerprint, kept, showable, typeset

TEMPLATE = Path(__file__).parent / "call.typ"
Block = dict[str, Any]


def call_data(page: FundPage, origin: str) -> dict[str, Any]:
    """All that stands in it, in the active language, the fund's texts in theirs. `origin`: the portal's address."""
    code = get_language() or "en"
    sections = [
        _section(_("What it supports"), [_list(page.objectives)]),
        _section(_("Priority themes"), [_words([theme.label for theme in page.themes], code)]),
        _section(_("Who can apply"), _paragraphs(page.who_can_apply)),
        _section(_("The pot"), _pot(page, code)),
        _section(_("Sizes of grants"), _sizes(page)),
        _section(_("Timetable"), _timetable(page)),
        _section(_("Who decides"), _paragraphs(page.who_decides)),
        _section(_("How applications are judged"), _criteria(page)),
        *_form(page, code),
        _section(_("Past rounds"), _past(page)),
    ]
    return {
        "lang": code,
        "dir": direction(code),
        "kind": _("Fund of %(owner)s") % {"owner": _apart(page.owner.text)},
        "title": _text(page.title),
        "round": page.round_title,
        "lead": list(_paragraphs(page.purpose)),
        "sections": [section for section in sections if section["blocks"]],
        "more": _("The page of the fund:"),
        "url": origin + page.fund.get_absolute_url(),
    }


def call_pdf(fund: Fund, data: dict[str, Any]) -> tuple[bytes, str]:
    """The PDF (PDF/UA-1), made once for this content and kept, and the content's name. TypesettingError as `typeset`."""
    shown = as_shown(data)
    name = fingerprint(shown, TEMPLATE)
    return kept("grants.call", fund.pk, name, lambda: typeset(TEMPLATE, shown)), name


def as_shown(value: Any) -> Any:
    """The same data with every text as our typefaces can show it; languages, directions, addresses and kinds as they are."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, list):
        return [as_shown(one) for one in value]
    if isinstance(value, dict):
        return {key: one if key in {"lang", "dir", "url", "is"} else as_shown(one) for key, one in value.items()}
    return value


def _apart(text: str) -> str:
    """A name isolated from the direction of the sentence around it (Unicode UAX #9)."""
    return f"\u2068{text}\u2069"


def _text(told: Told) -> Block:
    return {"text": told.text, "lang": told.language, "dir": direction(told.language)}


def _here(text: str) -> Block:
    code = get_language() or "en"
    return {"text": text, "lang": code, "dir": direction(code)}


def _section(title: str, blocks: list[Block | None]) -> dict[str, Any]:
    return {"title": title, "blocks": [block for block in blocks if block]}


def _paragraphs(told: Told) -> list[Block | None]:
    parts = [part.strip() for part in told.text.split("\n") if part.strip()]
    return [{"is": "paragraph", **_text(Told(part, told.language))} for part in parts]


def _list(lines: list[Told]) -> Block | None:
    items = [_text(line) for line in lines if line.text]
    return {"is": "list", "items": items} if items else None


def _words(words: list[str], code: str) -> Block | None:
    return _list([Told(word, code) for word in words])


def _table(heading: list[str], rows: list[list[Block]]) -> Block | None:
    return {"is": "table", "heading": heading, "rows": rows} if rows else None


def _pot(page: FundPage, code: str) -> list[Block | None]:
    currency = page.fund.currency
    rows = [
        [_here(one["name"]), _here(money_text(one["amount"], currency)), _text(one["conditions"])]
        for one in page.funders
    ]
    if len(rows) > 1:
        rows.append([_here(_("Together")), _here(money_text(page.fund.budget, currency)), _here("")])
    return [_table([_("Funder"), _("Gives"), _("Conditions")], rows)]


def _sizes(page: FundPage) -> list[Block | None]:
    rows = [
        [
            _here(tier["low"]),
            _here(tier["high"]),
            _here(
                _("at least %(share)s of the grant") % {"share": percent_text(tier["match"])}
                if tier["match"]
                else _("nothing")
            ),
        ]
        for tier in page.tiers
    ]
    if rows:
        return [_table([_("From"), _("To"), _("What you bring from elsewhere")], rows)]
    return [_table([_("Fact"), _("Value")], [[_here(one["name"]), _here(one["value"])] for one in page.facts[1:]])]


def _timetable(page: FundPage) -> list[Block | None]:
    return [_table([_("What"), _("When")], [[_here(one["what"]), _here(one["when"])] for one in page.timetable])]


def _criteria(page: FundPage) -> list[Block | None]:
    rows = [
        [
            _here(one["name"]),
            _here(percent_text(one["weight"])),
            _here(
                " ".join(
                    filter(
                        None,
                        (
                            one["guidance"],
                            _("Scores from %(low)s to %(high)s.") % {"low": one["minimum"], "high": one["maximum"]},
                        ),
                    )
                )
            ),
        ]
        for one in page.criteria
    ]
    return [_table([_("Criterion"), _("Weight"), _("What reviewers look for")], rows)]


def _form(page: FundPage, code: str) -> list[dict[str, Any]]:
    """A section for each group of questions, each question with how it is answered."""
    found = []
    for number, section in enumerate(page.form, start=1):
        title = _("Questions %(number)s: %(title)s") % {
            "number": number_text(number),
            "title": _apart(section["title"]),
        }
        blocks: list[Block | None] = []
        if section["help"]:
            blocks.append({"is": "paragraph", **_here(section["help"])})
        blocks += [
            {
                "is": "question",
                "label": _here(one["label"]),
                "note": " · ".join([*one["notes"], *([] if one["required"] else [_("optional")])]),
                "help": _here(one["help"]) if one["help"] else None,
            }
            for one in section["questions"]
        ]
        found.append(_section(title, blocks))
    return found


def _past(page: FundPage) -> list[Block | None]:
    rows = [
        [
            _here(one["title"]),
            _here(one["closed"]),
            _here(money_text(one["awarded"], one["currency"]) if one["awarded"] else "–"),
            _here(number_text(one["projects"]) if one["projects"] else "–"),
        ]
        for one in page.past
    ]
    return [_table([_("Round"), _("Closed"), _("Awarded"), _("Projects")], rows)]
