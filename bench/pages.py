"""The pages that are measured, with the budgets they have to keep.

A kept page costs at most 3 floors; a list made anew 25 ms and 12 statements; a list of the admin 60 ms and 15. A search may
cost 60 ms: what it finds is ranked, and a thousand are where a word is common. Single pages keep the budget of a list; a
city's, which gathers what five apps know of it, 35 ms and 15 statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

SESSION_COOKIE = "__Host-session"
# A request that carries ASK is answered with the number of its statements in TOLD.
ASK, TOLD = "X-Bench-Count", "X-Bench-Queries"


@dataclass(frozen=True)
class Page:
    """One kind of request. `fresh` gives each request an address of its own, so that no kept page answers it.

    Budgets: at most `times` the floor's CPU, `ms` of CPU, `queries` statements; None: none is set.
    """

    name: str
    path: str
    session: str = ""
    fresh: bool = False
    times: float | None = None
    ms: float | None = None
    queries: int | None = None

    def address(self, number: int) -> str:
        """The address of the n-th request."""
        if not self.fresh:
            return self.path
        return f"{self.path}{'&' if '?' in self.path else '?'}bench={number}"

    @property
    def headers(self) -> dict[str, str]:
        """What every request of this kind carries."""
        cookie = {"Cookie": f"{SESSION_COOKIE}={self.session}"} if self.session else {}
        return {"Accept-Language": "en", "Accept": "text/html,*/*", **cookie}


FLOOR = Page("floor: a bare view", "/bench/floor/")


def pages(facts: Mapping[str, Any]) -> list[Page]:
    """The pages, with addresses from what `bench.build` told."""
    list_budget: dict[str, Any] = {"ms": 25, "queries": 12}
    common, rare = quote(facts["common"]), quote(facts["rare"])
    practice, city = f"/en/practices/{quote(facts['practice'])}/", f"/en/cities/{facts['city']}/"
    return [
        Page("home, kept", "/en/", times=3),
        Page("home, made anew", "/en/", fresh=True, **list_budget),
        Page("home, signed in", "/en/", session=facts["person"], **list_budget),
        Page("library, kept", "/en/practices/", times=3),
        Page("library, made anew", "/en/practices/", fresh=True, **list_budget),
        Page("library, filters", "/en/practices/?country=GR&maturity=good", fresh=True, **list_budget),
        Page("library, common word", f"/en/practices/?q={common}", fresh=True, ms=60, queries=12),
        Page("library, rare word", f"/en/practices/?q={rare}", fresh=True, ms=60, queries=12),
        Page("library in Arabic", "/ar/practices/", fresh=True, **list_budget),
        Page("library, signed in", "/en/practices/", session=facts["person"], **list_budget),
        Page("practice, kept", practice, times=3),
        Page("practice, made anew", practice, fresh=True, **list_budget),
        Page("fact sheet, kept", f"{practice}sheet.pdf", ms=40, queries=12),
        Page("cities, kept", "/en/cities/", times=3),
        Page("cities, made anew", "/en/cities/", fresh=True, **list_budget),
        Page("cities, free text", "/en/cities/?q=athina", fresh=True, **list_budget),
        Page("city, made anew", city, fresh=True, ms=35, queries=15),
        Page("funds, made anew", "/en/funds/", fresh=True, **list_budget),
        Page("interface: practices", "/api/v1/practices/", **list_budget),
        Page("interface: cities", "/api/v1/cities/", **list_budget),
        Page("admin: work queue", "/admin/", session=facts["staff"], ms=60, queries=15),
        Page("admin: members", "/admin/membership/membership/", session=facts["staff"], ms=60, queries=15),
        Page(
            "admin: members, search",
            "/admin/membership/membership/?q=athina",
            session=facts["staff"],
            ms=60,
            queries=15,
        ),
        Page("admin: cities", "/admin/cities/city/", session=facts["staff"], ms=60, queries=15),
    ]
