from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WITHOUT = (
    "context",
    "to_email",
    "to_name",
    "reply_to",
    "subject",
    "message_id",
    "attempts",
    "next_try_at",
    "lease_until",
    "smtp_started_at",
    "error",
)


class MailConfig(AppConfig):
    """The outbox and its sender."""

    name = "network.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from network.audit.registry import register
        from network.mail.domain import carry
        from network.mail.models import OutgoingMail
        from network.outgoing import carry_with

        # History keeps what was decided about a mail, not whom it went to, what it said, or each try.
        register(OutgoingMail, exclude=WITHOUT)
        carry_with(carry)
