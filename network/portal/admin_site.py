"""Puts Koine's admin site (`network.portal.staff_site`) in the place of Django's own.

Read before any model is: nothing that needs the app registry may be imported here.
"""

from django.contrib.admin.apps import AdminConfig


class KoineAdminConfig(AdminConfig):
    """The admin, with our site as its default."""

    default_site = "network.portal.staff_site.KoineAdminSite"
