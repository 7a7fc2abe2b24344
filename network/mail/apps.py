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
    "to_domain",
    "read_at",
)


class MailConfig(AppConfig):
    """The outbox and its sender."""

    name = "network.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from network.audit.registry import register
        from network.mail import receivers  # noqa: F401  (connects them)
        from network.mail.domain.outbox import carry
        from network.mail.messages import declare_all
        from network.mail.models import BouncedAddress, MailChoice, MailPause, OutgoingMail, ReminderRule
        from network.mail.queries import desk
        from network.mail.queries.choices import own_choices
        from network.outgoing import carry_with
        from network.people.desk import register_desk
        from network.people.queries.personal_data import register_personal_data

        # History keeps what people decided about a mail, not whom it went to, what it said, or each try.
        register(OutgoingMail, exclude=WITHOUT, acts_only=True)
        register(ReminderRule, MailPause, MailChoice)
        register(BouncedAddress, exclude=("email", "diagnostic"))
        carry_with(carry)
        declare_all()
        register_desk("waiting", desk.notices)
        register_personal_data("mail_choices", own_choices)
