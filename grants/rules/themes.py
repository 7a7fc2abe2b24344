"""Themes as answers: which ones a question of that kind offers, and what counts of those that were chosen.

Answers keep codes of the classification. What was merged since is read as its successor, what was withdrawn stays readable.
"""

from __future__ import annotations

from collections.abc import Iterable

from grants.models import Fund
from grants.registry import Theme, themes_chosen, themes_named, top_themes
from network.languages import DEFAULT


def offered(fund: Fund | None, language: str) -> list[Theme]:
    """The priority themes of the fund in its order; where it names none, those at the top of the classification."""
    return themes_named(fund.themes if fund else (), language) or top_themes(language)


def offered_and_chosen(fund: Fund | None, codes: Iterable[str], language: str) -> list[Theme]:
    """The same with those that are chosen all the same at the end: nothing that was ticked is out of sight."""
    there = {one.code: one for one in [*offered(fund, language), *themes_chosen(codes, language)]}
    return list(there.values())


def followed(codes: Iterable[str]) -> list[str]:
    """The codes once each, successors in place of merged ones."""
    return [one.code for one in themes_chosen(codes, DEFAULT)]


def not_offered(fund: Fund | None, codes: Iterable[str], language: str) -> list[Theme]:
    """Of the chosen themes those that the question does not offer. What the fund names stays good when it is withdrawn."""
    good = {one.code for one in offered(fund, language)} | set(fund.themes if fund else ())
    return [one for one in themes_chosen(codes, language) if one.code not in good]
