"""Which cities took a practice up, and what a city took up: for the pages of both, and for those who speak for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cities.models import City, CityQuerySet
from network.collation import sort_key
from network.frame.moments import day_text
from network.languages import CODES, fallbacks
from network.membership.queries.scopes import cities_of_networks
from network.people.enums import RoleKind
from network.people.rules.roles import is_operator, scopes
from network.translation.models import Shown, best_text, text_in
from practices.enums import AdoptionState, AdoptionVerb
from practices.models import Adoption, Practice
from practices.queries.said import Said, first_said
from practices.rules.adoptions import can_adopt_practice, possible


@dataclass(frozen=True)
class AdoptionRow:
    """An adoption as the practice's page shows it; without a slug its city has no page.

    `confirmed`: the city that wrote the practice says so too; `current`: it is being tried, or in place.
    """

    city: str
    city_slug: str
    country: str
    when: str
    status: str
    confirmed: bool
    current: bool
    what_changed: Said
    result: Said


def adoptions_of(practice: Practice, code: str) -> list[Adoption]:
    """What everybody may see of who took the practice up, with `city_name` for a reader of `code`, the oldest first. One
    query."""
    rows = (
        Adoption.objects.filter(practice=practice).public().annotate(city_name=Shown(City, "name", code, "city__slug"))
    )
    return list(rows.select_related("city").order_by("year", "id"))


def own_adoption(city_uuid: str, slug: str) -> Adoption:
    """What a city says of the practice of that address, for its own system. Http404 where it says nothing, or no longer."""
    rows = Adoption.objects.exclude(state=AdoptionState.WITHDRAWN).select_related("city", "practice")
    return get_object_or_404(rows, city__uuid=city_uuid, practice__slug=slug)


def adoption_row(row: Adoption, language: str) -> AdoptionRow:
    """The same in words, its texts in `language` where it has them, else in their own."""
    return AdoptionRow(
        city=vars(row)["city_name"],
        city_slug="" if row.city.archived_at else row.city.slug,
        country=row.city.country,
        when=when(row),
        status=row.get_status_display(),
        confirmed=row.state == AdoptionState.CONFIRMED,
        current=row.counts,
        what_changed=texts(row, "what_changed", language),
        result=texts(row, "result", language),
    )


def texts(row: Adoption, field: str, language: str) -> Said:
    """A text of an adoption in that language, else in its own, else in any."""
    return first_said(row, field, fallbacks(language, row.language))


def languages_of(row: Adoption) -> list[str]:
    """The languages in which an adoption says something, its own first."""
    said = [code for code in CODES if text_in(row, "what_changed", code) or text_in(row, "result", code)]
    return list(dict.fromkeys([row.language, *said]))


def when(row: Adoption) -> str:
    """Since when, as exactly as it is known."""
    return day_text(row.started_on) if row.started_on else f"{row.year}"


def title_of(practice: Practice, code: str) -> Said:
    """What a practice, read whole, is called to a reader of `code`."""
    language = code if code in practice.languages else practice.original_language
    return Said(text_in(practice, "title", language), language)


@dataclass(frozen=True)
class TakenUp:
    """A practice of another city, as the page of the city that took it up shows it. `author` is the other city."""

    title: Said
    url: str
    author: str
    when: str
    status: str
    confirmed: bool
    current: bool
    what_changed: Said
    demo: bool


def taken_up_by(city: City, code: str) -> list[TakenUp]:
    """The public practices of other cities that this one takes up, for everybody, the latest first. One query."""
    rows = (
        Adoption.objects.filter(city=city, practice__in=Practice.objects.visible_to(None))
        .public()
        .select_related("practice")
        .annotate(
            title=Shown(Practice, "title", code, "practice__slug"),
            author_name=Shown(City, "name", code, "practice__city__slug"),
        )
        .only(*_plain(), "practice__slug", "practice__languages", "practice__original_language", "practice__demo")
        .order_by("-year", "-id")
    )
    return [_taken_up(row, code) for row in rows]


def _plain() -> list[str]:
    """Columns of an adoption without the base columns of its texts."""
    return [field.name for field in Adoption._meta.concrete_fields if field.name not in {"what_changed", "result"}]


def _taken_up(row: Adoption, code: str) -> TakenUp:
    practice, shown = row.practice, vars(row)
    return TakenUp(
        title=Said(shown["title"], code if code in practice.languages else practice.original_language),
        url=reverse("practices:detail", args=[practice.slug]),
        author=shown["author_name"],
        when=when(row),
        status=row.get_status_display(),
        confirmed=row.state == AdoptionState.CONFIRMED,
        current=row.counts,
        what_changed=texts(row, "what_changed", code),
        demo=practice.demo,
    )


def cities_of(user: Any) -> CityQuerySet:
    """The kept cities for which this person speaks: whom they are an officer of, or of whose networks; operators for all."""
    kept = City.objects.visible_to(user)
    if is_operator(user):
        return kept
    own = Q(uuid__in=scopes(user, RoleKind.CITY_OFFICER))
    networks = scopes(user, RoleKind.NETWORK_OFFICER)
    return kept.filter(own | Q(pk__in=cities_of_networks(networks))) if networks else kept.filter(own)


def cities_to_adopt(user: Any, practice: Practice, code: str) -> list[tuple[str, str]]:
    """The cities of this person that may say that they take the practice up, as (slug, name) in the reader's alphabet."""
    there = Adoption.objects.filter(practice=practice).exclude(state=AdoptionState.WITHDRAWN)
    free = cities_of(user).exclude(pk=practice.city_id).exclude(pk__in=there.values("city"))
    named = free.annotate(shown=Shown(City, "name", code)).order_by("slug").values_list("slug", "shown")
    return sorted(named, key=lambda pair: sort_key(pair[1], code))


@dataclass(frozen=True)
class OwnAdoption:
    """An adoption that concerns a city of the person who reads. `answer`: it waits for that city."""

    city: str
    url: str
    state: str
    answer: bool


@dataclass(frozen=True)
class Reuse:
    """What the person who reads a practice's page can do about taking it up. `offered`: they may say so, or a visitor might."""

    offered: bool
    own: list[OwnAdoption]


def reuse_of(user: Any, practice: Practice, code: str) -> Reuse:
    """For visitors nothing is read; for people without a city nothing beyond their roles."""
    if not user.is_authenticated:
        return Reuse(True, [])
    if not can_adopt_practice(user, practice) and not scopes(user, RoleKind.CITY_OFFICER):
        return Reuse(False, [])
    mine = cities_of(user).values("pk")
    rows = (
        Adoption.objects.filter(Q(city__in=mine) | Q(practice__city__in=mine), practice=practice)
        .exclude(state=AdoptionState.WITHDRAWN)
        .annotate(city_name=Shown(City, "name", code, "city__slug"))
        .only("state", "city__slug")
        .order_by("year", "id")
    )
    writes = cities_of(user).filter(pk=practice.city_id).exists()
    return Reuse(bool(can_adopt_practice(user, practice)), [_own(row, practice, writes=writes) for row in rows])


def _own(row: Adoption, practice: Practice, *, writes: bool) -> OwnAdoption:
    waits = possible(AdoptionVerb.CONFIRM, row) if writes else row.state == AdoptionState.QUESTIONED
    return OwnAdoption(
        city=vars(row)["city_name"],
        url=reverse("practices:adoption", args=[practice.slug, row.pk]),
        state=row.get_state_display(),
        answer=waits,
    )


@dataclass(frozen=True)
class AdoptionPage:
    """What the two cities say to each other. `title`: the practice's; `city` took it up from `author`."""

    title: Said
    city: str
    author: str
    when: str
    what_changed: Said
    result: Said
    question: Said


def adoption_page(adoption: Adoption, code: str) -> AdoptionPage:
    """An adoption, read with its city, its practice and that one's city, for a reader of `code`."""
    return AdoptionPage(
        title=title_of(adoption.practice, code),
        city=name_of(adoption.city, code),
        author=name_of(adoption.practice.city, code),
        when=when(adoption),
        what_changed=texts(adoption, "what_changed", code),
        result=texts(adoption, "result", code),
        question=Said(adoption.question, adoption.question_language or code),
    )


def name_of(city: City, code: str) -> str:
    """What a city, read whole, is called to a reader of `code`."""
    return best_text(city, "name", code)[0] or city.native_name
