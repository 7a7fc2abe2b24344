"""`manage.py prepare`: what every start of a new version needs, in one process."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the database, the classification and the search index up to this version; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("load_scheme", verbosity=options["verbosity"])
        call_command("reindex_practices", behind=True, verbosity=options["verbosity"])
