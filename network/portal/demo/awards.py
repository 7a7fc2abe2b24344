"""The fund with its funders and rounds, and two applications to the round that is open."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from grants.domain.copying import Copy, copy_fund
from grants.domain.drafts import save_section, start_application
from grants.domain.eligibility import check_eligibility
from grants.domain.files import attach_file
from grants.domain.funds import NewFund, Part, add_contribution, change_texts, create_fund, set_money
from grants.domain.rounds import (
    NewCriterion,
    NewQuestion,
    NewRound,
    add_criterion,
    add_eligibility,
    open_round,
    publish_form,
)
from grants.domain.submission import submit_application
from grants.domain.terms import NewTier, set_tiers
from grants.models import Application, Fund, Round
from network.audit.context import acting
from network.people.models import User
from network.portal.demo.content import figure, number, read, source, texts
from network.portal.demo.paper import page
from network.portal.demo.record import Loaded


def create_funds(loaded: Loaded) -> None:
    """The fund, what its funders pay in, its rounds, and what the round with a form asks."""
    for told in read("funds"):
        owner = loaded.cities[told["owner_city"]] if told["owner_city"] else loaded.networks[told["owner_network"]]
        fund = loaded.funds[told["slug"]] = create_fund(
            NewFund(
                slug=told["slug"],
                owner=owner,
                currency=told["currency"],
                title=told["title"],
                purpose=texts(told["purpose"]),
                who_can_apply=texts(told["who_can_apply"]),
                who_decides=texts(told["who_decides"]),
                themes=tuple(told["themes"]),
                languages=tuple(told["languages"]),
                objectives=tuple(told["objectives"]),
                publish_model=told["publish_model"],
                status=told["status"],
                source=source(told["source"]),
                demo=told["demo"],
            ),
            by=loaded.operator,
        )
        for paid in told["contributions"]:
            add_contribution(
                fund,
                loaded.organisations[paid["funder"]],
                figure(paid["amount"]),
                conditions=texts(paid["conditions"]),
                source=source(paid["source"]),
                by=loaded.operator,
            )
        for call in told["rounds"]:
            round_ = loaded.rounds[call["key"]] = _open_round(fund, call, loaded)
            if call["form"]:
                _ask(round_, told, loaded.operator)
            if "tiers" in call:
                # As its staff did before it opened.
                set_tiers(round_, _tiers(call), by=loaded.operator, at=round_.opens_at - datetime.timedelta(days=1))


def copy_funds(loaded: Loaded) -> None:
    """A draft for another city: the texts and questions of the fund, with money and sizes of its own."""
    for told in read("funds", "copies"):
        owner = loaded.cities[told["owner_city"]] if told["owner_city"] else loaded.networks[told["owner_network"]]
        new = Copy(
            owner=owner,
            title=told["title"],
            currency=told["currency"],
            opens=_wall(told, "opens", loaded),
            closes=_wall(told, "closes", loaded),
            zone=told["timezone"],
            source=source(told["source"]),
            demo=told["demo"],
        )
        fund = copy_fund(loaded.funds[told["of"]], new, by=loaded.operator)
        own = {name: texts(told[name]) for name in ("purpose", "who_can_apply")}
        change_texts(fund, own, version=fund.version, by=loaded.operator)
        parts = [
            Part(
                loaded.organisations[paid["funder"]],
                figure(paid["amount"]),
                texts(paid["conditions"]),
                source(told["source"]),
            )
            for paid in told["contributions"]
        ]
        budget = sum((part.amount for part in parts), Decimal(0))
        set_money(fund, budget, parts, version=fund.version, by=loaded.operator)
        set_tiers(fund.rounds.get(), _tiers(told), by=loaded.operator, at=timezone.now())


def _tiers(told: dict[str, Any]) -> list[NewTier]:
    return [NewTier(figure(one["minimum"]), figure(one["maximum"]), one["match"]) for one in told["tiers"]]


def _open_round(fund: Fund, told: dict[str, Any], loaded: Loaded) -> Round:
    return open_round(
        fund,
        NewRound(
            title=told["title"],
            opens=_wall(told, "opens", loaded),
            closes=_wall(told, "closes", loaded),
            zone=told["timezone"],
            number=told["number"],
            grace_seconds=told.get("grace_seconds", 0),
            award_min=number(told["award_min"]),
            award_max=number(told["award_max"]),
            max_per_organisation=told["max_per_organisation"],
            published=told["published"],
            opens_hour_known=told.get("opens_precision", "minute") == "minute",
            closes_hour_known=told.get("closes_precision", "minute") == "minute",
            awarded=number(told["awarded"]),
            projects=told["projects"],
            source=source(told["source"]),
            demo=told["demo"],
        ),
        by=loaded.operator,
    )


def _wall(told: dict[str, Any], what: str, loaded: Loaded) -> datetime.datetime:
    """The wall time of opening or closing: given, or so many days from the day of loading at the hour `at`."""
    if f"{what}_at" in told:
        return datetime.datetime.fromisoformat(told[f"{what}_at"])
    day = loaded.today + datetime.timedelta(days=told[f"{what}_days"])
    return datetime.datetime.combine(day, datetime.time.fromisoformat(told["at"]))


def _ask(round_: Round, told: dict[str, Any], by: User) -> None:
    for one in told["criteria"]:
        add_criterion(
            round_,
            NewCriterion(one["name"], one["guidance"], one["weight"], one["minimum"], one["maximum"]),
            by=by,
        )
    for one in told["eligibility"]:
        question = {name: one[name] for name in ("key", "kind", "question", "accepted", "options", "blocking")}
        add_eligibility(round_, NewQuestion(**question, help=texts(one["help"]), refusal=texts(one["refusal"])), by=by)
    publish_form(round_, told["form"]["sections"], kind=told["form"]["kind"], by=by)


def write_applications(loaded: Loaded) -> None:
    """One application sent in time with its file, and one draft, written by their own people."""
    for told in read("applications"):
        by = loaded.people[told["by"]]
        with acting(by.pk, "demonstration"):
            loaded.applications.append(_write(told, by, loaded))


def _write(told: dict[str, Any], by: User, loaded: Loaded) -> Application:
    round_, begun = loaded.rounds[told["round"]], loaded.days_ago(told["begun_days_ago"])
    check = check_eligibility(round_, told["eligibility"], by=by)
    application = start_application(
        round_, loaded.organisations[told["organisation"]], by=by, at=begun, eligibility=check
    )
    days = {"start_date": told["start_in_days"], "end_date": told["end_in_days"]}
    dates = {
        key: (loaded.today + datetime.timedelta(days=in_days)).isoformat()
        for key, in_days in days.items()
        if in_days is not None
    }
    begins = loaded.today + datetime.timedelta(days=told["start_in_days"])
    for section, answers in told["answers"].items():
        typed = {key: dates.get(key, answer) for key, answer in answers.items()}
        if "milestones" in typed:
            typed["milestones"] = [
                {**row, "due": (begins + datetime.timedelta(days=60 * place)).isoformat()}
                for place, row in enumerate(typed["milestones"], start=1)
            ]
        save_section(application, section, typed, revision=1, by=by, at=begun)
    if told["file"]:
        paper = page(told["file"]["title"], told["file"]["lines"])
        upload = SimpleUploadedFile(told["file"]["name"], paper, "application/pdf")
        attach_file(application, told["file"]["field"], upload, by=by, at=begun)
    if told["sent_days_ago"] is not None:
        submit_application(application, by=by, at=loaded.days_ago(told["sent_days_ago"]))
    return application
