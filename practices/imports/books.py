"""The practices' book that comes in: what it would change, told before anything is changed; then all of it or nothing.

A record is found by the city's own name for it, or by its short link (`p/1042`). An empty cell changes nothing, a dash
empties; rows (results, lessons ...) of a practice that stand in a sheet replace those it has. What comes of it are drafts and
new versions: nothing is published, and nothing that is being reviewed is touched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City
from network.audit.context import because
from network.doors import DomainError
from network.frame.names import language_name
from network.languages import CODES
from network.people.models import User
from network.text import clean_line
from network.translation.models import texts_of
from practices.domain.outside import LONGEST, start_outside_practice
from practices.domain.versions import NewRecord, lock_for_writing, save_section, start_version
from practices.enums import OPEN, WRITABLE, State
from practices.imports import book_columns as columns
from practices.imports.book_changes import Change, differences, with_keys
from practices.imports.book_columns import BY_CODE, CITY, HEAD, ID, LANGUAGE, OF, ROWS, Unreadable
from practices.imports.book_sheets import Book, Cells
from practices.models import ExternalId, Practice, PracticeVersion, VersionSection
from practices.queries.snapshot import snapshot
from practices.rules.practices import can_create_practice
from practices.rules.sections import BY_KEY, Section
from practices.rules.writing import MAX_CHARACTERS, ROWS as ROWS_KEY, clean_section, faults_of, longest

NEW, CHANGED, UNCHANGED, WRONG = "new", "changed", "unchanged", "wrong"
EMPTY = "-"
NUMBER = re.compile(r"(?:https?://[^\s/]+)?/?p/(\d{1,18})/?", re.ASCII)
Sections = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and in which cell (`Results!C5`); empty where it is the row as a whole."""

    where: str
    text: str


@dataclass
class Planned:
    """One practice of the book and what would come of it. `sections` are those that change, as they would be stored."""

    line: int
    name: str
    title: str = ""
    outcome: str = UNCHANGED
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    practice: Practice | None = None
    city: City | None = None
    language: str = ""
    sections: Sections = field(default_factory=dict)

    def wrong(self, where: str, text: str) -> None:
        """Take down a problem: nothing of the book is applied then."""
        self.outcome = WRONG
        self.problems.append(Problem(where, text))


@dataclass
class Plan:
    """What a book would change. problems: of rows that belong to no practice; strange: codes that nobody knows."""

    practices: list[Planned]
    problems: list[Problem] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many practices have that outcome."""
        return sum(1 for one in self.practices if one.outcome == outcome)

    @property
    def applicable(self) -> bool:
        """Whether it can be applied: all or nothing, so nothing may be wrong, and something must change."""
        return not self.problems and not self.count(WRONG) and bool(self.count(NEW) + self.count(CHANGED))

    @property
    def digest(self) -> str:
        """Differs where the book would change something else than when somebody looked at it."""
        told = [
            [
                one.outcome,
                one.practice.pk if one.practice else 0,
                one.sections,
                [vars(change) for change in one.changes],
            ]
            for one in self.practices
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def present_of(practices: Iterable[Practice]) -> dict[int, tuple[PracticeVersion | None, Sections]]:
    """For each practice the version that is on its way, and its sections; else the record as it is."""
    by_id = {practice.pk: practice for practice in practices}
    versions = {
        version.practice_id: version
        for version in PracticeVersion.objects.filter(practice__in=by_id, state__in=OPEN).order_by("pk")
    }
    data: dict[int, Sections] = {}
    rows = VersionSection.objects.filter(version__in=list(versions.values())).order_by()
    for number, section, said in rows.values_list("version_id", "section", "data"):
        data.setdefault(number, {})[section] = said
    return {
        pk: (version, data.get(version.pk, {})) if (version := versions.get(pk)) else (None, snapshot(practice))
        for pk, practice in by_id.items()
    }


class Reader:
    """Reads a book against what is on record, for somebody who may write for these cities; writes nothing."""

    def __init__(self, book: Book, cities: Iterable[City], user: Any) -> None:
        self.book, self.user = book, user
        self.cities = {city.slug: city for city in cities}
        self.names = {clean_line(row.texts.get(ID, ""))[: LONGEST + 1] for row in book.records}
        keys = [city.pk for city in self.cities.values()]
        external = ExternalId.objects.filter(city__in=keys, name__in=self.names).select_related("practice__city")
        self.external = {(one.city_id, one.name): one.practice for one in external}
        numbers = [int(found[1]) for name in self.names if (found := NUMBER.fullmatch(name))]
        own = Practice.objects.filter(pk__in=numbers, city__in=keys).select_related("city")
        self.numbered = {practice.pk: practice for practice in own}
        self.present = present_of([*self.external.values(), *self.numbered.values()])
        self.seen: set[str] = set()

    def plan(self) -> Plan:
        """Every practice with what would come of it."""
        rows: dict[str, dict[str, list[Cells]]] = {}
        strays: list[Problem] = []
        for key, cells in self.book.rows.items():
            for row in cells:
                name = clean_line(row.texts.get(f"{key}.{OF}", ""))
                if name and not row.computed and not any(text for code, text in row.texts.items() if code in BY_CODE):
                    continue
                if name and name in self.names:
                    rows.setdefault(name, {}).setdefault(key, []).append(row)
                else:
                    text = _("No practice in the first sheet is called “%(name)s”.") % {"name": name[:60]}
                    strays.append(Problem(row.at(f"{key}.{OF}"), text))
        practices = [self._practice(row, rows) for row in self.book.records]
        return Plan(practices, strays, self.book.strange)

    def _practice(self, row: Cells, rows: Mapping[str, Mapping[str, list[Cells]]]) -> Planned:
        name = clean_line(row.texts.get(ID, ""))
        planned = Planned(row.line, name)
        if not name or len(name) > LONGEST:
            planned.wrong(row.at(ID), _("Give the practice a name of your own: 1 to 120 characters."))
            return planned
        if name in self.seen:
            planned.wrong(row.at(ID), _("The sheet has this practice twice."))
            return planned
        self.seen.add(name)
        self._find(planned, row)
        if planned.outcome == WRONG:
            return planned
        version, present = self.present.get(planned.practice.pk, (None, {})) if planned.practice else (None, {})
        self._insist_writable(planned, row, version)
        wanted = self._sections(planned, row, rows.get(name, {}), present)
        self._name(planned, row, wanted, present)
        if planned.outcome != WRONG:
            self._compare(planned, wanted, present)
        return planned

    def _find(self, planned: Planned, row: Cells) -> None:
        """Whose practice it is, which one, and in which language it is written."""
        typed = row.texts.get(CITY, "")
        if typed:
            planned.city = self._city(typed)
            if planned.city is None:
                planned.wrong(row.at(CITY), _("“%(text)s” is no city that you write for.") % {"text": typed[:60]})
                return
        found = NUMBER.fullmatch(planned.name)
        if found:
            planned.practice = self.numbered.get(int(found[1]))
            if planned.practice is None:
                planned.wrong(row.at(ID), _("No practice of your cities has this number."))
                return
        else:
            within = [planned.city] if planned.city else list(self.cities.values())
            known = [one for city in within if (one := self.external.get((city.pk, planned.name)))]
            if len(known) > 1:
                planned.wrong(row.at(CITY), _("Several of your cities have a practice of this name: name the city."))
                return
            planned.practice = known[0] if known else None
        if planned.practice and planned.city and planned.practice.city_id != planned.city.pk:
            planned.wrong(row.at(CITY), _("This practice belongs to another city. It stays there."))
        planned.city = planned.city or (planned.practice.city if planned.practice else self._only_city())
        if planned.city is None:
            planned.wrong(row.at(CITY), _("Name the city whose practice it is."))
            return
        self._read_language(planned, row)

    def _only_city(self) -> City | None:
        return next(iter(self.cities.values())) if len(self.cities) == 1 else None

    def _city(self, typed: str) -> City | None:
        if typed in self.cities:
            return self.cities[typed]
        wanted = clean_line(typed).casefold()
        named = [city for city in self.cities.values() if wanted in _names_of(city)]
        return named[0] if len(named) == 1 else None

    def _read_language(self, planned: Planned, row: Cells) -> None:
        assert planned.city is not None
        own = planned.practice.original_language if planned.practice else planned.city.native_language
        typed = row.texts.get(LANGUAGE, "")
        try:
            planned.language = columns.read_language(typed) if typed else own
        except Unreadable as error:
            planned.wrong(row.at(LANGUAGE), str(error))
            return
        if planned.language not in CODES:
            planned.wrong(row.at(LANGUAGE), _("Name the language it is written in."))
        elif planned.practice and planned.language != own:
            text = _("This practice is written in %(language)s. Other languages are translated on its page.")
            planned.wrong(row.at(LANGUAGE), text % {"language": language_name(own)})

    def _insist_writable(self, planned: Planned, row: Cells, version: PracticeVersion | None) -> None:
        assert planned.city is not None
        if not can_create_practice(self.user, planned.city):
            planned.wrong(row.at(CITY), _("You don’t write for this city any more."))
        if planned.practice and planned.practice.state == State.ARCHIVED:
            planned.wrong(row.at(ID), _("This practice is in the archive. Take it out first."))
        if version and version.state not in WRITABLE:
            planned.wrong(row.at(ID), _("A version of it is submitted: take it back, or wait for the answer."))

    def _sections(self, planned: Planned, row: Cells, rows: Mapping[str, list[Cells]], present: Sections) -> Sections:
        """Every section that the book says something about, as it would be stored."""
        wanted: Sections = {}
        for code in row.texts:
            if code in HEAD:
                continue
            place = BY_CODE[code]
            text = row.texts[code]
            if code in row.computed:
                planned.wrong(row.at(code), _("A formula stands here. Write what it gives."))
            elif text:
                typed = wanted.setdefault(place.section.key, dict(present.get(place.section.key, {})))
                typed[place.field.key] = self._read(planned, row, code, "" if text == EMPTY else text)
        for key, cells in rows.items():
            typed = wanted.setdefault(key, dict(present.get(key, {})))
            typed[ROWS_KEY] = self._rows(planned, key, cells, present.get(key, {}).get(ROWS_KEY, []))
        cleaned = {key: clean_section(BY_KEY[key], typed) for key, typed in wanted.items()}
        for key, data in cleaned.items():
            self._judge(planned, row, rows.get(key, []), BY_KEY[key], data)
        return cleaned

    def _read(self, planned: Planned, row: Cells, code: str, text: str) -> Any:
        try:
            return columns.read(BY_CODE[code].field, text)
        except Unreadable as error:
            planned.wrong(row.at(code), str(error))
            return ""

    def _rows(
        self, planned: Planned, key: str, cells: list[Cells], present: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """The rows of a section as typed. One that was there keeps its key, and with it its translations and its file."""
        section = BY_KEY[key]
        typed: list[dict[str, Any]] = []
        for row in cells:
            said: dict[str, Any] = {}
            for place in ROWS[key]:
                if place.code in row.computed:
                    planned.wrong(row.at(place.code), _("A formula stands here. Write what it gives."))
                elif place.code in row.texts:
                    said[place.field.key] = self._read(planned, row, place.code, row.texts[place.code])
            typed.append(said)
        return with_keys(section, clean_section(section, {ROWS_KEY: typed})[ROWS_KEY], present, planned.name)

    def _judge(self, planned: Planned, row: Cells, rows: list[Cells], section: Section, data: dict[str, Any]) -> None:
        if len(data.get(ROWS_KEY, ())) > section.most:
            text = _("“%(section)s” takes at most %(most)d rows.") % {"section": section.title, "most": section.most}
            planned.wrong(rows[0].at(f"{section.key}.{OF}") if rows else "", text)
        if longest(data) > MAX_CHARACTERS:
            planned.wrong(row.at(ID), _("This text is too long to be kept. Shorten it to 100,000 characters."))
        for fault in faults_of(section, data):
            code = f"{section.key}.{fault.field}"
            where = rows[fault.row - 1].at(code) if fault.row and fault.row <= len(rows) else row.at(code)
            planned.wrong(where, fault.text)

    def _name(self, planned: Planned, row: Cells, wanted: Sections, present: Sections) -> None:
        said = wanted.get("about", present.get("about", {}))
        planned.title = str(said.get("title", "")) or planned.name
        if not said.get("title") and planned.outcome != WRONG:
            planned.wrong(row.at("about.title"), _("Enter a title in the original language."))

    def _compare(self, planned: Planned, wanted: Sections, present: Sections) -> None:
        for key, data in wanted.items():
            changes = list(differences(BY_KEY[key], present.get(key, {}), data))
            if changes:
                planned.changes += changes
                planned.sections[key] = data
        if planned.practice is None:
            planned.outcome = NEW
        elif planned.sections:
            planned.outcome = CHANGED


def _names_of(city: City) -> set[str]:
    return {name.casefold() for name in (city.native_name, *texts_of(city, "name").values()) if name}


class ImportRefused(Exception):
    """The book was not applied, and nothing of it was kept; the sentence is for the person."""


class Moved(ImportRefused):
    """Somebody changed something after the preview: it has to be looked at again."""


@transaction.atomic
def apply(book: Book, cities: Iterable[City], digest: str, *, by: User, reason: str) -> Plan:
    """Do what the book says, all or nothing, where that is still what was looked at (`Plan.digest`); else Moved.

    What changes is held before it is compared, in one order, so that nobody's text is overwritten unseen.
    """
    because(reason)
    cities = list(cities)
    known = [
        one.practice for one in Reader(book, cities, by).plan().practices if one.outcome == CHANGED and one.practice
    ]
    try:
        for practice in sorted(known, key=lambda one: one.pk):
            lock_for_writing(start_version(practice, by=by), by=by)
    except DomainError as error:
        raise Moved(str(error)) from error
    plan = Reader(book, cities, by).plan()
    if plan.digest != digest or not plan.applicable:
        raise Moved(_("Somebody changed something after you looked. Look at it again."))
    for one in plan.practices:
        try:
            _apply(one, by)
        except DomainError as refusal:
            told = _("Row %(line)s, %(name)s: %(reason)s") % {"line": one.line, "name": one.name, "reason": refusal}
            raise ImportRefused(told) from refusal
    return plan


def _apply(one: Planned, by: User) -> None:
    if one.outcome == NEW:
        assert one.city is not None
        version = start_outside_practice(NewRecord(one.city, one.language, one.title), one.name, by=by)
        one.practice = version.practice
    elif one.outcome == CHANGED:
        assert one.practice is not None
        version = start_version(one.practice, by=by)
    else:
        return
    revisions = dict(VersionSection.objects.filter(version=version).order_by().values_list("section", "revision"))
    for key, data in one.sections.items():
        save_section(version, key, data, revision=revisions[key], by=by, at=timezone.now())
