"""Themes and practices. Their maturity is computed from what is written down here, never given."""

from __future__ import annotations

import datetime
from typing import Any

from network.audit.context import acting
from network.people.models import User
from network.portal.demo.content import figure, number, practices, read, source, texts
from network.portal.demo.record import Loaded
from practices.domain.adoptions import (
    AdoptionFields,
    add_adoption,
    confirm_adoption,
    correct_adoption,
    record_adoption,
)
from practices.domain.confirming import confirm_practice
from practices.domain.evidence import (
    EvidenceFields,
    ResultFields,
    Scores,
    add_evidence,
    add_lesson,
    add_peer_review,
    add_result,
)
from practices.domain.practices import NewPractice, PracticeFacts, create_practice
from practices.domain.scheme_files import load_scheme
from practices.domain.workflow import publish_practice
from practices.models import Practice


def load_themes(loaded: Loaded) -> None:
    """The classification that comes with Koine."""
    load_scheme()


def publish_practices(loaded: Loaded) -> None:
    """The practices with what speaks for them, each published as many days ago as its file says."""
    for told in practices():
        practice = create_practice(
            NewPractice(
                city=loaded.cities[told["city"]],
                original_language=told["original_language"],
                texts={code: _without_lessons(said) for code, said in told["texts"].items()},
                facts=_facts(told),
                slug=told["slug"],
            ),
            by=loaded.operator,
        )
        _add_evidence(practice, told, loaded)
        loaded.practices[told["slug"]] = publish_practice(
            practice, by=loaded.operator, at=loaded.days_ago(told["published_days_ago"])
        )


def _without_lessons(said: dict[str, str]) -> dict[str, str]:
    """Lessons are rows of the record, not texts."""
    return {name: text for name, text in said.items() if name != "lessons"}


def _facts(told: dict[str, Any]) -> PracticeFacts:
    return PracticeFacts(
        themes=tuple(told["themes"]),
        running=told["status"],
        started_on=_day(told["started"]),
        started_precision=told["started_precision"],
        ended_on=_day(told["ended"]),
        settings=told["settings"],
        source=source(told["source"]),
        demo=told["demo"],
    )


def _day(told: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(told) if told else None


def _add_evidence(practice: Practice, told: dict[str, Any], loaded: Loaded) -> None:
    by: User = loaded.operator
    languages = tuple(told["texts"])
    for result in told["results"]:
        fields = ResultFields(
            indicator=texts(result["indicator"], languages),
            unit=texts(result["unit"], languages),
            method=texts(result["method"], languages),
            baseline=number(result["baseline"]),
            value=figure(result["value"]),
            sample=result["n"],
        )
        add_result(practice, fields, by=by)
    for evidence in told["evidence"]:
        title = texts(evidence["title"], languages)
        add_evidence(
            practice, EvidenceFields(evidence["kind"], title, evidence["independent"], evidence["year"]), by=by
        )
    add_lesson(practice, {code: said["lessons"] for code, said in told["texts"].items()}, by=by)
    if told["peer_review"]:
        day = loaded.days_ago(told["published_days_ago"]).date()
        add_peer_review(practice, Scores(**told["peer_review"], reviewed_on=day), by=by)
    for adoption in told["adoptions"]:
        city = loaded.cities[adoption["city"]]
        add_adoption(practice, city, adoption["year"], texts(adoption["what_changed"], languages), by=by)


def take_up(loaded: Loaded) -> None:
    """Cities that take up a practice of another one, by their own people; some wait for an answer."""
    for told in read("adoptions"):
        by, code = loaded.people[told["by"]], told["language"]
        practice, city = loaded.practices[told["practice"]], loaded.cities[told["city"]]
        with acting(by.pk, "demonstration"):
            adoption = record_adoption(practice, city, _said(told, code, loaded), by=by)
            for other in told["what_changed"].keys() - {code}:
                adoption = correct_adoption(adoption, _said(told, other, loaded), by=by)
        if told["confirmed_by"]:
            author = loaded.people[told["confirmed_by"]]
            with acting(author.pk, "demonstration"):
                confirm_adoption(adoption, by=author)


def confirm_practices(loaded: Loaded) -> None:
    """Practices confirmed as still true today. The others stand as of the day on which they were published: some are soon
    to be confirmed, and some were not in time."""
    for told in read("confirmations"):
        by = loaded.people[told["by"]]
        with acting(by.pk, "demonstration"):
            confirm_practice(loaded.practices[told["practice"]], by=by, note=told["note"])


def _said(told: dict[str, Any], code: str, loaded: Loaded) -> AdoptionFields:
    return AdoptionFields(
        status=told["status"],
        language=code,
        what_changed=told["what_changed"][code],
        result=told["result"].get(code, ""),
        started_on=loaded.days_ago(told["started_days_ago"]).date(),
    )
