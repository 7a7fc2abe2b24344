"""The parameters by which programs ask for practices: those of the page's list, read strictly.

The page leaves out what it can't understand; a program is told. What merely does not exist (a city, a theme, a network, a label)
finds nothing; what can't be (a maturity that there is not, a year of three digits) is refused by name.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from network.languages import CODES
from practices.enums import FILTERS, ConceptKind, CostBand, Maturity
from practices.forms.filters import MOST_VALUES, UNDERSTOOD, PracticeFilter
from practices.queries.matching import parse
from practices.queries.scheme import scheme
from practices.queries.wanted import NEWEST, RELEVANCE, REUSED, YEAR, Wanted

YES_AND_NO = {"true": True, "1": True, "on": True, "false": False, "0": False}
COUNTRY = re.compile("[A-Za-z]{2}")
PATTERNS = {"country": COUNTRY, "year": YEAR}
SORTS = (RELEVANCE, NEWEST, REUSED)
# Filters with a list that never changes: another value is refused.
CLOSED: dict[str, tuple[str, ...]] = {
    "maturity": tuple(Maturity.values),
    "cost": tuple(CostBand.values),
    "original": CODES,
}
# What the filters were called before they were those of the page.
FORMER = {"original_language": "original"}
WORDS = {
    "theme": "Code of a theme; narrower ones are found too.",
    "group": "Code of a target group; narrower ones are found too.",
    "approach": "Code of an approach; narrower ones are found too.",
    "country": "ISO 3166-1, two letters.",
    "city": "The city's slug, or its name in any language.",
    "network": "The network's slug: cities that are members today.",
    "maturity": "How well proven it is.",
    "label": "The slug of a network's label that is valid today.",
    "year": "The year in which it started.",
    "cost": "The cost in all, else a year's, in euro.",
    "original": "The language it was written in.",
}
assert set(WORDS) == set(UNDERSTOOD)


class Wrong(ValueError):
    """Parameters that make no sense: `faults` says why, by name."""

    def __init__(self, faults: dict[str, list[str]]) -> None:
        super().__init__(str(faults))
        self.faults = faults


def _repeated(name: str) -> OpenApiParameter:
    schema: dict[str, Any] = {"type": "string"}
    if name in CLOSED:
        schema["enum"] = list(CLOSED[name])
    if name in PATTERNS:
        schema["pattern"] = f"^{PATTERNS[name].pattern}$"
    return OpenApiParameter(
        name,
        {"type": "array", "items": schema, "maxItems": MOST_VALUES},
        description=f"{WORDS[name]} May be given several times: any of them will do.",
        explode=True,
    )


PARAMETERS = [
    OpenApiParameter("q", OpenApiTypes.STR, description="Words to look for, in any language."),
    *map(_repeated, UNDERSTOOD),
    OpenApiParameter(
        "readable", OpenApiTypes.BOOL, description="Only what can be read whole in the language asked for."
    ),
    OpenApiParameter(
        "readable_in", OpenApiTypes.STR, enum=list(CODES), description="Only what can be read whole in it."
    ),
    OpenApiParameter(
        "original_language", OpenApiTypes.STR, enum=list(CODES), deprecated=True, description="As `original`."
    ),
    OpenApiParameter(
        "sort",
        OpenApiTypes.STR,
        enum=list(SORTS),
        description="Else by relevance where there are words, else the newest.",
    ),
    OpenApiParameter(
        "facets",
        OpenApiTypes.BOOL,
        default=True,
        description="Whether the answer tells how many practices each choice of each filter would leave.",
    ),
]


def wanted_by(given: QueryDict, language: str) -> tuple[Wanted, str, bool]:
    """What a program asks for, the language in which it must be readable, and whether facets are wanted. Raises Wrong."""
    faults: dict[str, list[str]] = {}
    filters = {name: _values(given, name, faults) for name in UNDERSTOOD}
    for former, name in FORMER.items():
        if former in given:
            filters[name] = _checked(former, name, [given[former]], faults)
    flags = {name: _flag(given, name, faults) for name in ("readable", "facets")}
    sort = given.get("sort", "")
    if "sort" in given and sort not in SORTS:
        faults["sort"] = [f"One of: {', '.join(SORTS)}."]
    readable_in = given.get("readable_in", language)
    if readable_in not in CODES:
        faults["readable_in"] = [f"One of: {', '.join(CODES)}."]
    if faults:
        raise Wrong(faults)
    query = parse(given.get("q", ""))
    readable = bool(flags["readable"]) or "readable_in" in given
    wanted = Wanted(query=query, sort=sort, readable=readable, **_sorted_concepts(filters))
    return wanted, readable_in, flags["facets"] is not False


def _values(given: QueryDict, name: str, faults: dict[str, list[str]]) -> tuple[str, ...]:
    return _checked(name, name, given.getlist(name), faults)


def _checked(said: str, name: str, values: list[str], faults: dict[str, list[str]]) -> tuple[str, ...]:
    """The values of a filter, each once; a fault under the name it was given by where one can't be."""
    if len(values) > MOST_VALUES:
        faults[said] = [f"At most {MOST_VALUES} values."]
    if name in CLOSED and any(value not in CLOSED[name] for value in values):
        faults[said] = [f"One of: {', '.join(CLOSED[name])}."]
    if name == "year" and any(not YEAR.fullmatch(value) for value in values):
        faults[said] = ["A year of four digits."]
    if name == "country":
        if any(not COUNTRY.fullmatch(value) for value in values):
            faults[said] = ["Two letters, as in ISO 3166-1."]
        values = [value.upper() for value in values]
    return tuple(dict.fromkeys(values))


def _flag(given: QueryDict, name: str, faults: dict[str, list[str]]) -> bool | None:
    if name not in given:
        return None
    if given[name] not in YES_AND_NO:
        faults[name] = ["true or false."]
    return YES_AND_NO.get(given[name])


def _sorted_concepts(filters: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """`theme` took the codes of every kind once, and still does: each goes to the filter of its kind."""
    known = scheme()
    kept: dict[str, list[str]] = {name: list(values) for name, values in filters.items()}
    for code in filters["theme"]:
        found = known.resolve(code)
        name = FILTERS[ConceptKind(found.kind)] if found else "theme"
        if name != "theme":
            kept["theme"].remove(code)
            kept[name].append(code)
    return {name: tuple(values) for name, values in kept.items()}


assert set(PracticeFilter.base_fields) - {"readable", "sort"} == set(UNDERSTOOD)
