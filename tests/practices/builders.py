"""Small records for the library's tests, made through the domain."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Mapping

from cities.models import City
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.models import User
from practices.domain import NewPractice, PracticeFacts, create_practice, create_theme, publish_practice
from practices.models import Concept, Practice
from practices.rules.completeness import SECTIONS

_numbers = itertools.count(1)


def operator() -> User:
    """Somebody who may do everything here."""
    return User.objects.create_superuser(f"operator{next(_numbers)}@koine.example", display_name="Operator")


def person(name: str = "Somebody") -> User:
    return User.objects.create_user(f"person{next(_numbers)}@koine.example", display_name=name)


def officer(of: City, name: str = "Åsa") -> User:
    """An officer of that city."""
    somebody = person(name)
    grant_role(somebody, RoleKind.CITY_OFFICER, of.uuid, reason="Named by the city.", by=operator())
    return somebody


def city(slug: str = "", *, country: str = "SE", native: str = "", native_language: str = "", **names: str) -> City:
    """A city; names by language code, the English one from the slug where none is given."""
    slug = slug or f"city-{next(_numbers)}"
    made = City(
        slug=slug,
        country=country,
        region="europe",
        native_name=native,
        native_language=native_language,
        **{f"name_{code}": name for code, name in {"en": slug.title(), **names}.items()},
    )
    made.search_text = made.compose_search_text()
    made.save()
    return made


def theme(code: str, by: User, **labels: str) -> Concept:
    return create_theme(code, {"en": code.replace("-", " ").title(), **labels}, by=by)


def version(title: str, summary: str = "", *, strapline: str = "", body: str = "") -> dict[str, str]:
    """A complete language version: title, summary and every section."""
    return {
        "title": title,
        "strapline": strapline,
        "summary": summary or f"{title}.",
        **dict.fromkeys(SECTIONS, body or "–"),
    }


def practice(
    by: User,
    texts: Mapping[str, Mapping[str, str]] | None = None,
    *,
    of: City | None = None,
    original: str = "",
    themes: Iterable[str] = (),
    published: bool = True,
    slug: str = "",
    **facts: object,
) -> Practice:
    """A practice, published unless said otherwise; in English where no texts are given."""
    texts = texts or {"en": version(f"Practice {next(_numbers)}")}
    made = create_practice(
        NewPractice(
            city=of or city(),
            original_language=original or next(iter(texts)),
            texts=texts,
            facts=PracticeFacts(themes=tuple(themes), **facts),  # type: ignore[arg-type]
            slug=slug,
        ),
        by=by,
    )
    return publish_practice(made, by=by) if published else made


LONG_AGO = datetime.date(2020, 1, 15)
