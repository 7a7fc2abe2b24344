"""One application's deadline and its attempts to be sent, for those who run the fund."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext as _

from grants.enums import Moment
from grants.models import Application, Extension, Round, SubmitAttempt
from grants.models.questions import TITLE, say
from grants.queries.answers import ShownSection, sent_of
from grants.queries.staff import get_known_round
from grants.rules.answers import layout
from grants.rules.applications import EXTENDABLE
from grants.rules.funds import can_manage_fund
from grants.rules.rounds import is_sealed, moment_for
from network.text import ascii_digits

REFERENCE = re.compile(r"(?:k\s*-?\s*)?0*(\d{1,9})", re.IGNORECASE)
CODE = re.compile(r"[\w-]{16}")


def get_desk_application(user: Any, slug: str, number: int, opaque_id: str) -> Application:
    """An application to a round this person runs, a draft too. Http404 for others."""
    round_ = get_known_round(user, slug, number)
    if not can_manage_fund(user, round_.fund):
        raise Http404
    found = get_object_or_404(
        Application.objects.select_related("organisation", "form", "current_version"), round=round_, opaque_id=opaque_id
    )
    found.round = round_
    return found


def find_application(round_: Round, typed: str) -> Application | None:
    """The round's application of that reference (K-000123), or of the code, or address, that its people told."""
    typed = ascii_digits(typed).strip()
    if match := REFERENCE.fullmatch(typed):
        return round_.applications.filter(number=int(match[1])).first()
    codes = CODE.findall(typed)
    return round_.applications.filter(opaque_id__in=codes).first() if codes else None


@dataclass(frozen=True)
class ExtendedRow:
    """An application that was given more time."""

    application: Application
    until: datetime


def extended_in(round_: Round) -> list[ExtendedRow]:
    """Those of a round, the earliest end first. One query."""
    rows = round_.applications.filter(extended_until__isnull=False).select_related("organisation")
    return [ExtendedRow(one, one.extended_until) for one in rows.order_by("extended_until", "id") if one.extended_until]


@dataclass(frozen=True)
class Attempt:
    """A press of "Send application": what was missing, each in words."""

    row: SubmitAttempt
    missing: Sequence[str]


@dataclass(frozen=True)
class ApplicationDesk:
    """`sealed`: nothing of its content is shown before the round closes. `title` and `sent`, what was sent last, are empty then, and
    as long as nothing was sent: a draft belongs to those who write it."""

    application: Application
    moment: Moment
    sealed: bool
    title: str
    extensions: list[Extension]
    attempts: list[Attempt]
    may_extend: bool
    sent: list[ShownSection]


def application_desk(application: Application, at: datetime) -> ApplicationDesk:
    """The page's content. Two queries."""
    code = get_language() or "en"
    labels = {one.key: say(one.label, code) for section in layout(application.form) for one in section.questions}
    rows = application.attempts.select_related("user").order_by("-id")[:100]
    sealed = is_sealed(application.round, at)
    sections = [] if sealed else sent_of(application)
    return ApplicationDesk(
        application=application,
        moment=moment_for(application, at),
        sealed=sealed,
        title=_sent_title(application, sections),
        extensions=list(application.extensions.select_related("granted_by").order_by("-id")),
        attempts=[Attempt(row, [_missing(one, labels) for one in row.missing]) for row in rows],
        may_extend=application.state in EXTENDABLE,
        sent=sections,
    )


def _sent_title(application: Application, sections: Sequence[ShownSection]) -> str:
    version = application.current_version
    if not sections or version is None:
        return ""
    return next((str(data[TITLE]) for data in version.answers.values() if data.get(TITLE)), "")


def _missing(told: str, labels: dict[str, str]) -> str:
    """What an attempt keeps as "section.field:code", in words."""
    place, _colon, code = told.partition(":")
    field = place.partition(".")[2]
    match code:
        case "missing":
            what = _("missing")
        case "pending" | "unchecked":
            what = _("file not checked for viruses")
        case "infected":
            what = _("file with a virus")
        case _other:
            what = _("needs a change")
    return _("%(question)s: %(what)s") % {"question": labels.get(field, field), "what": what}
