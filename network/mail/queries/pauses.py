"""Whether mail is going out."""

from __future__ import annotations

from network.mail.models import MailPause


def open_pause() -> MailPause | None:
    """The pause that stands now, with who began it; None while mail is going out. One query."""
    return MailPause.objects.select_related("started_by").filter(ended_at__isnull=True).first()
