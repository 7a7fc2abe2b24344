from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    """Funds, rounds and applications."""

    name = "grants"
    label = "grants"
    verbose_name = _("Grants")

    def ready(self) -> None:
        from grants import messages, models
        from network.audit.registry import register

        register(
            models.Fund,
            models.Contribution,
            models.Round,
            models.Criterion,
            models.EligibilityCriterion,
            models.EligibilityCheck,
        )
        register(
            models.FormVersion,
            models.Application,
            models.ApplicationMember,
            models.ApplicationVersion,
            models.Attachment,
            models.AnswerSection,
        )
        messages.declare_all()
