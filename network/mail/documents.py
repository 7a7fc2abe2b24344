"""A mail's bytes: text and HTML in the recipient's language and direction, with headers nobody can smuggle into."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import translation

from network.languages import direction
from network.mail.models import OutgoingMail
from network.text import clean_line


def plain(template: str, values: dict[str, Any]) -> str:
    """A text template, nothing escaped: in a text "&" is "&"."""
    return Engine.get_default().get_template(template).render(Context(values, autoescape=False))


def header_text(text: str) -> str:
    """A name or subject for a header: one line, and nothing that a mail program would decode into something else."""
    return clean_line(text).replace("=?", "= ?")


def compose(row: OutgoingMail) -> EmailMultiAlternatives:
    """The message of an outbox row, `mail/<kind>.subject.txt`, `.txt` and `.html` in the recipient's language.

    Raises TemplateDoesNotExist and the like where its kind can't be rendered.
    """
    with translation.override(row.language):
        values = {
            **row.context,
            "language": row.language,
            "direction": direction(row.language),
            "site_name": settings.SITE_NAME,
            "base_url": settings.KOINE_BASE_URL,
            "to_name": row.to_name,
        }
        subject = header_text(plain(f"mail/{row.kind}.subject.txt", values))
        text = plain(f"mail/{row.kind}.txt", values).strip() + "\n"
        html = render_to_string(f"mail/{row.kind}.html", {**values, "subject": subject})
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        # `formataddr` quotes commas and encodes every script, so that one name is one recipient.
        to=[formataddr((header_text(row.to_name), row.to_email))],
        reply_to=[row.reply_to] if row.reply_to else None,
        headers={"Message-ID": row.message_id, "Content-Language": row.language, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message
