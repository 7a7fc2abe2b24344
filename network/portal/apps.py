from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The roof: pages that show several apps at once, the admin site, the interface for programs, demonstration data."""

    name = "network.portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from grants.registry import offer_themes
        from network.audit.registry import register
        from network.celery import app
        from network.doors import check_doors
        from network.jobs import check_broker
        from network.portal import models
        from network.portal.queries import fund_themes

        register(models.Download)
        offer_themes(fund_themes.tree, fund_themes.named, tops=fund_themes.tops, chosen=fund_themes.chosen)
        # Every process and thread queues through this app, and knows the tasks of all apps by name.
        app.set_default()
        app.autodiscover_tasks(force=True)
        checks.register(check_doors, checks.Tags.urls)
        checks.register(check_broker, checks.Tags.caches)
