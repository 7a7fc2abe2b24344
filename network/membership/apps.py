from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembershipConfig(AppConfig):
    """Networks and who belongs to them, since when and by which act."""

    name = "network.membership"
    label = "membership"
    verbose_name = _("Networks and members")

    def ready(self) -> None:
        from network.audit.registry import register
        from network.membership import models

        register(models.Network, models.Region, models.Membership, models.MembershipDecision)
