from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """The outbox and its sender."""

    name = "network.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from network.mail.domain import carry
        from network.outgoing import carry_with

        carry_with(carry)
