"""Koine's admin: Django's, behind the portal's own sign-in, with a work queue as its first page."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class KoineAdminSite(AdminSite):
    """The admin at /admin/."""


class KoineAdminConfig(AdminConfig):
    """Puts `KoineAdminSite` in the place of Django's own site."""

    default_site = "network.portal.admin_site.KoineAdminSite"
