"""`manage.py prepare`: what every start of a new version needs, in one process."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cities.models import City


class Command(BaseCommand):
    help = "Bring the database, the classification and the search index up to this version; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo",
            action="store_true",
            help="list the accounts of the demonstration, which fills a portal without cities first",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("load_scheme", verbosity=options["verbosity"])
        call_command("reindex_practices", behind=True, verbosity=options["verbosity"])
        if options["demo"]:
            self._demonstrate()

    def _demonstrate(self) -> None:
        if not City.objects.exists():
            self.stdout.write("First start: loading the demo data.")
            self.stdout.flush()
            call_command("load_demo", stdout=self.stdout)
        self.stdout.write("")
        try:
            call_command("demo_accounts", stdout=self.stdout)
        except CommandError as none:
            self.stdout.write(f"The demo accounts could not be listed: {none}")
