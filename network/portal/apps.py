from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The roof: pages that show several apps at once, the admin site, the interface for programs, demonstration data."""

    name = "network.portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from network.doors import check_doors

        checks.register(check_doors, checks.Tags.urls)
