"""A mail's bytes: text and HTML in the recipient's language and direction, with headers nobody can smuggle into."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from network.deadlines import DEADLINES
from network.languages import direction
from network.mail.messages import DIGEST
from network.mail.models import OutgoingMail
from network.mail.rules.addresses import ascii_domain, on_the_wire
from network.mail.rules.links import stop_url
from network.outgoing import KINDS
from network.text import clean_line

SUBJECT_LENGTH = 250


def plain(template: str, values: dict[str, Any]) -> str:
    """A text template, nothing escaped: in a text "&" is "&"."""
    return Engine.get_default().get_template(template).render(Context(values, autoescape=False))


def header_text(text: str) -> str:
    """A name or subject for a header: one line, and nothing that a mail program would decode into something else."""
    line = clean_line(text).replace("=?", "= ?")
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"


def message_id(row: OutgoingMail) -> str:
    """The Message-ID of a row: the same at every try, so that whoever gets it twice can tell.

    Nobody else can tell it beforehand: a bounce is believed because it names one.
    """
    mark = salted_hmac("network.mail.message_id", row.key, algorithm="sha256").hexdigest()[:20]
    host = ascii_domain(urlsplit(settings.KOINE_BASE_URL).hostname or "koine.invalid")
    return f"<mail.{row.pk}.{mark}@{host}>"


def told(row: OutgoingMail) -> dict[str, Any]:
    """What a planned mail says now, in its language: the deadline as its app describes it, or each part of a digest.

    Other mails say what their context holds. LookupError where a deadline has nothing to say to this person any more.
    """
    if row.kind == DIGEST.kind:
        return {"parts": [told(part) for part in row.parts.order_by("id")]}
    if not row.deadline:
        return row.context
    if row.subject_id is None or row.recipient_id is None:
        raise LookupError(row.key)
    with translation.override(row.language):
        return DEADLINES[row.deadline].describe(row.subject_id, row.recipient_id)


def _ways_out(row: OutgoingMail) -> dict[str, str]:
    """Where the person switches this kind off, and where all kinds are; nothing for kinds that go to everybody concerned."""
    kind = KINDS.get(row.kind)
    if row.recipient_id is None or kind is None or (kind.mandatory and kind != DIGEST):
        return {"stop_url": "", "choices_url": ""}
    with translation.override(row.language):
        choices = settings.KOINE_BASE_URL + reverse("mail:preferences")
    stop = "" if kind.mandatory else stop_url(row.recipient_id, row.kind, row.language)
    return {"stop_url": stop, "choices_url": choices}


def compose(row: OutgoingMail, context: dict[str, Any] | None = None) -> EmailMultiAlternatives:
    """The message of an outbox row, `mail/<kind>.subject.txt`, `.txt` and `.html` in the recipient's language.

    `context` is what it says, where the caller has that; else what the row keeps, or `told` of it. Raises
    TemplateDoesNotExist and the like where its kind can't be rendered, and LookupError as `told` does.
    """
    if context is None:
        context = row.context or told(row)
    ways_out = _ways_out(row)
    with translation.override(row.language):
        values = {
            **context,
            **ways_out,
            "language": row.language,
            "direction": direction(row.language),
            "site_name": settings.SITE_NAME,
            "base_url": settings.KOINE_BASE_URL,
            "to_name": row.to_name,
        }
        subject = header_text(plain(f"mail/{row.kind}.subject.txt", values))
        text = plain(f"mail/{row.kind}.txt", values).strip() + "\n"
        html = render_to_string(f"mail/{row.kind}.html", {**values, "subject": subject})
    headers = {
        "Message-ID": row.message_id or message_id(row),
        "Content-Language": row.language,
        "Auto-Submitted": "auto-generated",
    }
    if ways_out["stop_url"]:
        # RFC 8058: a mail program may stop it with one request to this address.
        headers |= {
            "List-Unsubscribe": f"<{ways_out['stop_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[_addressed(row.to_name, on_the_wire(row.to_email))],
        reply_to=[on_the_wire(row.reply_to)] if row.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(html, "text/html")
    return message


def _addressed(name: str, address: str) -> str:
    """One recipient. `formataddr` quotes commas and encodes every script, so that one name is one recipient."""
    return formataddr((header_text(name), address)) if address.isascii() else address
