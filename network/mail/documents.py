"""A mail's bytes: text and HTML in the recipient's language and direction, with headers nobody can smuggle into."""

from __future__ import annotations

from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from network.languages import direction
from network.mail.models import OutgoingMail
from network.text import clean_line


def compose(row: OutgoingMail) -> EmailMultiAlternatives:
    """The message of an outbox row. Raises TemplateDoesNotExist and the like where its kind can't be rendered."""
    with translation.override(row.language):
        context = {
            **row.context,
            "language": row.language,
            "direction": direction(row.language),
            "site_name": settings.SITE_NAME,
            "base_url": settings.KOINE_BASE_URL,
            "to_name": row.to_name,
        }
        subject = clean_line(render_to_string(f"mail/{row.kind}.subject.txt", context))
        text = render_to_string(f"mail/{row.kind}.txt", context).strip() + "\n"
        html = render_to_string(f"mail/{row.kind}.html", {**context, "subject": subject})
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((clean_line(row.to_name), row.to_email))],
        reply_to=[row.reply_to] if row.reply_to else None,
        headers={"Message-ID": row.message_id, "Content-Language": row.language, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message
