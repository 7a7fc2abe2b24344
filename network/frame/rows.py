"""A row of a list of results, drawn in Python: twenty of them cost more in a template than all the rest of their page.

What repeats from row to row (chips, marks, languages) is drawn by its template once and kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from network.frame import names
from network.frame.pieces import Item, chip_row, drawn_chips, plain_mark
from network.languages import direction


def result_row(
    title: Any,
    url: str,
    where: Any = "",
    text: Any = "",
    lang: str = "",
    maturity: str = "",
    languages: Iterable[str] = (),
    chips: Sequence[Item] = (),
    note: Any = "",
    side: Any = "",
    heading: int = 3,
) -> SafeString:
    """A result, read in three seconds; stands in `<li>` of `<ol class="results">`. where: city and country; text: two lines,
    marked hits as safe HTML; lang: the code of title and text where it is not the reader's; maturity: a level; languages:
    codes; chips: see `chips`; note, side: one more line below or at the end side; heading: its level."""
    code = get_language() or "en"
    foreign = f' lang="{lang}" dir="{direction(lang)}"' if lang and lang != code else ""
    to = f' hreflang="{lang}"' if foreign else ""
    small = chip_row(tuple(drawn_chips(chips))) if chips else ""
    spoken = _languages(tuple(languages), code)
    mark = plain_mark(maturity, code) if maturity else ""
    foot = small + spoken + _in(note, "<span>", "</span>")
    end = mark + _in(side, "<div>", "</div>")
    return mark_safe(
        '<article class="result"><div class="result__main">'
        f'<h{heading} class="result__title"><a href="{conditional_escape(url)}"{foreign}{to}>{conditional_escape(title)}</a>'
        f"</h{heading}>"
        + _in(where, '<p class="result__where">', "</p>")
        + _in(text, f'<div class="result__text"><bdi{foreign}>', "</bdi></div>")
        + (f'<div class="result__foot">{foot}</div>' if foot else "")
        + "</div>"
        + (f'<div class="result__side">{end}</div>' if end else "")
        + "</article>"
    )


def _in(value: Any, before: str, after: str) -> str:
    """A value between its tags, escaped where it is no safe HTML; nothing for nothing."""
    return f"{before}{conditional_escape(value)}{after}" if value else ""


@lru_cache(maxsize=2000)
def _languages(codes: tuple[str, ...], language: str) -> str:
    """Which languages a result can be read in, told in the reader's. Kept: rows name the same few."""
    if not codes:
        return ""
    known = {"languages": [names.language_name(code) for code in codes]}
    return str(render_to_string("components/result_languages.html", known))
