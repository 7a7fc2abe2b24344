"""The members' sheet: rows out, and what a sheet that comes in would change, told before anything is changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City
from network.audit.context import because
from network.doors import DomainError
from network.languages import CORE
from network.membership.domain import Admission, admit_member, apply_for_city, update_membership
from network.membership.enums import MemberKind, MembershipStatus
from network.membership.models import Membership, Network, Region
from network.membership.rules.memberships import LEADS_TO
from network.portal.imports import columns
from network.text import normalise
from network.translation.models import column, texts_of

NEW, CHANGED, UNCHANGED, CONFLICT, WRONG = "new", "changed", "unchanged", "conflict", "wrong"


@dataclass
class Row:
    """One line of the sheet and what would come of it. `changes` holds (heading, before, after)."""

    line: int
    name: str = ""
    outcome: str = UNCHANGED
    problems: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    membership: Membership | None = None
    network: Network | None = None
    city: City | None = None
    admission: Admission | None = None
    applied: bool = False


@dataclass
class Plan:
    """What a sheet would change. `strange` are headings that nobody knows; their columns are not read."""

    rows: list[Row]
    strange: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many rows have that outcome."""
        return sum(1 for row in self.rows if row.outcome == outcome)

    @property
    def applicable(self) -> bool:
        """Whether it can be applied: all or nothing, so no row may be wrong or in conflict, and one must change."""
        bad = self.count(WRONG) + self.count(CONFLICT)
        return not bad and bool(self.count(NEW) + self.count(CHANGED))


class ImportRefused(Exception):
    """A row was refused while applying; nothing of the sheet was kept."""


# --- out --------------------------------------------------------------------------------------------------------------


def cells_of(membership: Membership) -> dict[str, str]:
    """A membership as the cells of a row, by key, in the language that is active."""
    return {
        "membership": str(membership.uuid),
        "city": str(membership.city),
        "city_address": membership.city.slug,
        "network": membership.network.slug,
        "kind": str(membership.get_kind_display()),
        "programme": membership.programme,
        "region": str(membership.region) if membership.region else "",
        "status": str(LEADS_TO.get(membership.last_decision, MembershipStatus.PENDING).label),  # type: ignore[attr-defined]
        "joined": columns.write_day(membership.joined_on, membership.joined_precision),
        "documented": columns.write_day(membership.known_on, membership.known_precision),
        "founding": columns.write_yes(membership.founding),
        "confirmed": columns.write_yes(membership.confirmed),
        **{f"{text}_{code}": getattr(membership, column(text, code)) or "" for text in columns.TEXTS for code in CORE},
        "source": membership.source,
        "version": str(membership.version),
    }


def whole(memberships: QuerySet) -> QuerySet:
    """The memberships with everything a row of the sheet needs, in one query."""
    return memberships.with_status_on(timezone.localdate()).select_related("city", "network", "region")


# --- in ---------------------------------------------------------------------------------------------------------------


class Reader:
    """Reads the rows of one sheet against what is on record; asks the database per sheet, not per row, where it can."""

    def __init__(self, rows: list[dict[str, str]], memberships: QuerySet, networks: QuerySet) -> None:
        self.rows = rows
        self.networks = {network.slug: network for network in networks}
        slugs = {row.get("city_address", "") for row in rows}
        self.cities = {city.slug: city for city in City.objects.filter(slug__in=slugs, archived_at__isnull=True)}
        known = list(whole(memberships.filter(network__in=list(self.networks.values()))))
        self.by_uuid = {str(one.uuid): one for one in known}
        self.by_place = {(one.network_id, one.city_id, one.kind, one.programme): one for one in known}
        regions = Region.objects.filter(network__in=list(self.networks.values()))
        self.regions: dict[tuple[int, str], Region] = {}
        for region in regions:
            for name in (region.code, *texts_of(region, "name").values()):
                self.regions.setdefault((region.network_id, normalise(name)), region)
        self.seen: set[Any] = set()

    def plan(self) -> list[Row]:
        """Every row with what would come of it; nothing is written."""
        return [self._row(line, cells) for line, cells in enumerate(self.rows, start=2)]

    def _row(self, line: int, cells: dict[str, str]) -> Row:
        row = Row(line, name=cells.get("city") or cells.get("city_address", ""))
        try:
            self._find(row, cells)
            if row.network is None:
                raise ValueError(_("Name the network as in its address."))
            row.admission = self._admission(row, cells)
        except ValueError as problem:
            row.outcome, row.problems = WRONG, [str(problem)]
            return row
        if row.outcome == CONFLICT:
            return row
        key = (
            row.membership.pk
            if row.membership
            else (row.network, row.city, row.admission.kind, row.admission.programme)
        )
        if key in self.seen:
            row.outcome, row.problems = WRONG, [_("The sheet has this membership twice.")]
            return row
        self.seen.add(key)
        if row.membership is None:
            row.outcome = NEW
        else:
            self._compare(row, cells)
        return row

    def _find(self, row: Row, cells: dict[str, str]) -> None:
        """Which membership, city and network the row is about."""
        if identity := cells.get("membership", ""):
            row.membership = self.by_uuid.get(identity.lower() if _is_uuid(identity) else "")
            if row.membership is None:
                raise ValueError(
                    _("No membership that you look after has this number. Leave the cell empty for a new one.")
                )
            row.city, row.network = row.membership.city, row.membership.network
            self._refuse_moving(row, cells)
        else:
            slug = cells.get("network", "")
            row.network = self.networks.get(slug)
            if row.network is None:
                raise ValueError(_("“%(text)s” is no network that you look after.") % {"text": slug})
            row.city = self._city(cells)
            kind = columns.read_kind(cells["kind"]) if cells.get("kind") else MemberKind.FULL
            row.membership = self.by_place.get((row.network.pk, row.city.pk, kind, cells.get("programme", "")))
        row.name = _("%(city)s in %(network)s") % {"city": row.city, "network": row.network}

    def _refuse_moving(self, row: Row, cells: dict[str, str]) -> None:
        assert row.membership is not None
        stays = {
            "city_address": row.membership.city.slug,
            "network": row.membership.network.slug,
            "programme": row.membership.programme,
        }
        moved = [key for key, now in stays.items() if key in cells and cells[key] and cells[key] != now]
        if cells.get("kind") and columns.read_kind(cells["kind"]) != row.membership.kind:
            moved.append("kind")
        if moved:
            row.outcome = CONFLICT
            row.problems = [_("City, network, kind and programme of a membership stay. Add a new row for another one.")]

    def _city(self, cells: dict[str, str]) -> City:
        slug, name = cells.get("city_address", ""), cells.get("city", "")
        if slug:
            if slug not in self.cities:
                raise ValueError(_("No city has the address “%(text)s”. Register it first.") % {"text": slug})
            return self.cities[slug]
        found = list(City.objects.filter(archived_at__isnull=True).matching(name).order_by("slug")[:2]) if name else []
        if len(found) != 1:
            raise ValueError(
                _("“%(text)s” is no single city on record. Write its address, or register it first.") % {"text": name}
            )
        return found[0]

    def _admission(self, row: Row, cells: dict[str, str]) -> Admission:
        """What the row says, over what is on record; columns that the sheet leaves out stay as they are."""
        now = admission_of(row.membership) if row.membership else Admission()
        says: dict[str, Any] = {}
        if not row.membership:
            says["kind"] = columns.read_kind(cells["kind"]) if cells.get("kind") else MemberKind.FULL
            says["programme"] = cells.get("programme", "")
            row.applied = bool(cells.get("status")) and columns.read_status(cells["status"]) == MembershipStatus.PENDING
        for key, day, precision in (
            ("joined", "joined_on", "joined_precision"),
            ("documented", "known_on", "known_precision"),
        ):
            if key in cells:
                says[day], says[precision] = columns.read_day(cells[key])
                if says[day] is None:
                    says[precision] = getattr(now, precision)
        for key in ("founding", "confirmed"):
            if cells.get(key):
                says[key] = columns.read_yes(cells[key])
        if "region" in cells:
            says["region"] = self._region(row, cells["region"])
        if "source" in cells:
            says["source"] = cells["source"][:300]
        for text in columns.TEXTS:
            typed = {code: cells[f"{text}_{code}"][:250] for code in CORE if f"{text}_{code}" in cells}
            says[text] = {**getattr(now, text), **typed}
        return replace(now, **says)

    def _region(self, row: Row, name: str) -> Region | None:
        if not name:
            return None
        assert row.network is not None
        region = self.regions.get((row.network.pk, normalise(name)))
        if region is None:
            raise ValueError(_("%(network)s has no region “%(text)s”.") % {"network": row.network, "text": name})
        return region

    def _compare(self, row: Row, cells: dict[str, str]) -> None:
        assert row.membership is not None
        assert row.admission is not None
        row.changes = differences(row.membership, row.admission)
        if not row.changes:
            return
        row.outcome = CHANGED
        version = cells.get("version", "")
        if version and version != str(row.membership.version):
            row.outcome = CONFLICT
            row.problems = [_("Somebody changed this membership after the sheet was made. Download it again.")]


def admission_of(membership: Membership) -> Admission:
    """What is on record of a membership."""
    plain = {name: getattr(membership, name) for name in Admission.__dataclass_fields__ if name not in columns.TEXTS}
    return Admission(**plain, **{text: texts_of(membership, text) for text in columns.TEXTS})


def differences(membership: Membership, admission: Admission) -> list[tuple[str, str, str]]:
    """What an admission would change, as (heading, before, after) in the cells' own words."""
    now, then = cells_of(membership), cells_of(membership)
    then |= {
        "joined": columns.write_day(admission.joined_on, admission.joined_precision),
        "documented": columns.write_day(admission.known_on, admission.known_precision),
        "founding": columns.write_yes(admission.founding),
        "confirmed": columns.write_yes(admission.confirmed),
        "region": str(admission.region) if admission.region else "",
        "source": admission.source,
        **{f"{text}_{code}": getattr(admission, text).get(code, "") for text in columns.TEXTS for code in CORE},
    }
    headings = columns.told(columns.COLUMNS)
    return [(headings[key], now[key], then[key]) for key in now if now[key] != then[key]]


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def plan(rows: list[dict[str, str]], *, memberships: QuerySet, networks: QuerySet, strange: Iterable[str] = ()) -> Plan:
    """What these rows would change among the memberships and networks that the person looks after."""
    return Plan(Reader(rows, memberships, networks).plan(), list(strange))


@transaction.atomic
def apply(planned: Plan, *, by: Any, reason: str) -> int:
    """Do what the plan says, all or nothing; returns how many rows changed. Raises ImportRefused, naming the row."""
    because(reason)
    done = 0
    for row in planned.rows:
        try:
            done += _apply_row(row, by, reason)
        except DomainError as refusal:
            told = _("Row %(line)s, %(name)s: %(reason)s") % {"line": row.line, "name": row.name, "reason": refusal}
            raise ImportRefused(told) from refusal
    return done


def _apply_row(row: Row, by: Any, reason: str) -> int:
    assert row.admission is not None
    if row.outcome == NEW:
        assert row.network is not None
        assert row.city is not None
        if row.applied:
            apply_for_city(row.network, row.city, row.admission, by=by)
        else:
            admit_member(row.network, row.city, row.admission, by=by, reason=reason)
    elif row.outcome == CHANGED:
        assert row.membership is not None
        update_membership(row.membership, row.admission, version=row.membership.version, by=by)
    else:
        return 0
    return 1
