from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The append-only history."""

    name = "network.audit"
    label = "audit"
    verbose_name = _("History")

    def ready(self) -> None:
        from network.audit.registry import install_triggers

        post_migrate.connect(install_triggers, dispatch_uid="audit.install_triggers")
