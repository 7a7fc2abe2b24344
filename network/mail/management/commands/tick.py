"""`manage.py tick`: what beat and the worker do every minute, for cron or systemd, with or without them beside it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from network.mail.domain import periodic


class Command(BaseCommand):
    help = "Run the periodic jobs that are due, here and now; exit code 1 where one failed. Needs the database only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only", default="", choices=sorted(periodic.NAMES), metavar="NAME", help="run this job, due or not"
        )

    def handle(self, *args: Any, only: str = "", **options: Any) -> None:
        if failed := periodic.run_due(only):
            raise CommandError(f"failed: {', '.join(failed)}")
