"""States of funds, rounds and applications, and the workflow of an application as one table (after `grants.md`)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class FundStatus(models.TextChoices):
    """Whether a fund is public and giving."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class FundVerb(models.TextChoices):
    """What its owner's staff do to a fund as a whole."""

    PUBLISH = "publish", _("Publish the fund")
    CLOSE = "close", _("Close the fund")
    REOPEN = "reopen", _("Open the fund again")


# A fund that everybody could see never becomes a draft again: its address was given to people.
FUND_WORKFLOW: dict[FundStatus, dict[FundVerb, FundStatus]] = {
    FundStatus.DRAFT: {FundVerb.PUBLISH: FundStatus.OPEN},
    FundStatus.OPEN: {FundVerb.CLOSE: FundStatus.CLOSED},
    FundStatus.CLOSED: {FundVerb.REOPEN: FundStatus.OPEN},
}


class InterestKind(models.TextChoices):
    """Who would like a fund like this, or to pay into one."""

    CITY = "city", _("A city or another public body")
    COMPANY = "company", _("A company or foundation")
    OTHER = "other", _("Somebody else")


class PublishModel(models.TextChoices):
    """How a fund with several funders appears in 360Giving data."""

    LEAD = "lead", _("the lead funder publishes each grant")
    SPLIT = "split", _("each funder publishes its share")


class QuestionKind(models.TextChoices):
    """How an eligibility question is answered."""

    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of a list")
    MONEY = "money", _("Amount of money")


class FieldKind(models.TextChoices):
    """How a question of a form is answered."""

    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", pgettext_lazy("kind of answer", "Number")
    MONEY = "money", _("Amount of money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Several of a list")
    THEMES = "themes", pgettext_lazy("kind of answer", "Themes")
    TABLE = "table", pgettext_lazy("kind of answer", "Table")
    BUDGET = "budget", _("Budget, line by line")
    MILESTONES = "milestones", _("Milestones")
    INDICATORS = "indicators", _("Outcome indicators")
    ORGANISATION = "organisation", _("The organisation, from its profile")
    ADDRESS = "address", _("The organisation’s address, from its profile")
    FILE = "file", _("File")
    DECLARATION = "declaration", _("Declaration")


class FormKind(models.TextChoices):
    """What a form is for."""

    APPLICATION = "application", _("Application")


class ApplicationRole(models.TextChoices):
    """What a person may do with an application: the owner sends it, editors write, viewers read."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


class State(models.TextChoices):
    """Where an application is."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    LAPSED = "lapsed", _("Lapsed")
    SCREENING = "screening", _("In screening")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Verb(models.TextChoices):
    """What can happen to an application."""

    SUBMIT = "submit", _("Send application")
    REOPEN = "reopen", _("Change it again")
    LAPSE = "lapse", _("Lapse")
    SCREEN = "screen", _("Take into screening")
    WITHDRAW = "withdraw", _("Withdraw")
    EXTEND = "extend", _("Give more time")


class Moment(models.TextChoices):
    """Where a round stands at a moment. In grace nobody may start anything, but what is under way may still be sent."""

    UPCOMING = "upcoming", _("Opens soon")
    OPEN = "open", _("Open")
    GRACE = "grace", _("Just closed")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    """What came of a press of "Send application"."""

    RECEIVED = "received", _("received")
    REPEATED = "repeated", _("had been received before")
    INCOMPLETE = "incomplete", _("something was missing")
    LATE = "late", _("came after the deadline")
    REFUSED = "refused", _("was refused")


@dataclass(frozen=True)
class Transition:
    """One line of the workflow: who may do it, and the state it leads to. `system` is the round's own clock."""

    who: str
    to: State


WORKFLOW: dict[State, dict[Verb, Transition]] = {
    State.DRAFT: {
        Verb.SUBMIT: Transition("owner", State.SUBMITTED),
        Verb.LAPSE: Transition("system", State.LAPSED),
        # A draft that was reopened still has a valid version: at closing that version goes on.
        Verb.SCREEN: Transition("system", State.SCREENING),
        Verb.WITHDRAW: Transition("owner", State.WITHDRAWN),
    },
    State.SUBMITTED: {
        Verb.REOPEN: Transition("owner", State.DRAFT),
        Verb.SCREEN: Transition("system", State.SCREENING),
        Verb.WITHDRAW: Transition("owner", State.WITHDRAWN),
    },
    State.SCREENING: {
        # It is where it would be had its time not been over: sent, and its owner can change it again.
        Verb.EXTEND: Transition("manager", State.SUBMITTED),
        Verb.WITHDRAW: Transition("owner", State.WITHDRAWN),
    },
    State.LAPSED: {Verb.EXTEND: Transition("manager", State.DRAFT)},
    State.WITHDRAWN: {},
}


def next_state(state: str, verb: Verb) -> State | None:
    """The state that `verb` leads to, or None where the workflow does not know it from here."""
    transition = WORKFLOW[State(state)].get(verb)
    return transition.to if transition else None
