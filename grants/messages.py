"""The messages this app sends, each in its reader's language. Their texts are `templates/mail/<kind>.*`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from grants.enums import ApplicationRole
from grants.models import Application, ApplicationVersion
from grants.models.questions import say
from grants.queries.answers import answer_text
from grants.rules.answers import layout
from network.frame.moments import moment_text
from network.outgoing import Addressee, Message, declare, send
from network.people.models import User

RECEIPT = Message("grants.receipt", _("Receipt for an application"))
LAPSED = Message("grants.lapsed", _("A draft was not sent in time"))
# A mail with a longer copy would be refused by mail servers; the page shows all of it.
MAX_COPY = 200_000


def declare_all() -> None:
    """Make this app's message kinds known to the mail engine."""
    declare(RECEIPT, LAPSED)


def _owners(application: Application) -> list[User]:
    return list(
        User.objects.filter(
            application_memberships__application=application,
            application_memberships__role=ApplicationRole.OWNER,
            is_active=True,
        ).order_by("id")
    )


def _to(user: User) -> Addressee:
    return Addressee(user.email, user.preferred_language, user.display_name, user.pk)


def _common(application: Application, page: str) -> dict[str, Any]:
    round_ = application.round
    return {
        "fund": str(round_.fund),
        "round": str(round_),
        "organisation": str(application.organisation),
        "title": application.title,
        "url": settings.KOINE_BASE_URL + reverse(f"grants:{page}", args=[application.opaque_id]),
        "closes": moment_text(round_.closes_at, round_.timezone),
    }


def send_receipt(application: Application, version: ApplicationVersion) -> None:
    """Tell every owner that the application arrived: reference, moment, code and hash. Once per version and person."""
    for owner in _owners(application):
        with translation.override(owner.preferred_language):
            context = {
                **_common(application, "receipt"),
                "reference": application.reference,
                "version": version.number,
                "received": moment_text(version.received_at, application.round.timezone),
                "code": version.receipt_code,
                "hash": version.content_hash,
                "files": [file["name"] for file in version.files],
            }
        send(RECEIPT, key=f"grants.receipt:{version.pk}:{owner.pk}", to=_to(owner), context=context)


def send_lapsed(application: Application) -> None:
    """Tell every owner that the draft was not sent in time, with a copy of what they wrote."""
    answers = {row.section: row.data for row in application.answers.all()}
    currency = application.round.fund.currency
    for owner in _owners(application):
        code = owner.preferred_language
        with translation.override(code):
            copy = [
                {
                    "title": say(section.title, code),
                    "answers": [
                        {"question": say(one.label, code), "answer": answer_text(one, data[one.key], currency, code)}
                        for one in section.written
                        if data.get(one.key)
                    ],
                }
                for section in layout(application.form)
                if (data := answers.get(section.key))
            ]
            length = sum(len(answer["answer"]) for section in copy for answer in section["answers"])
            context = {**_common(application, "application"), "copy": copy if length <= MAX_COPY else []}
        send(LAPSED, key=f"grants.lapsed:{application.pk}:{owner.pk}", to=_to(owner), context=context)
