"""`manage.py load_scheme`: bring the classification up to the files of this version of Koine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from practices.domain.scheme_files import load_scheme


class Command(BaseCommand):
    help = (
        "Load the themes, target groups and approaches that come with Koine. What staff changed stays; safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_scheme()
        if options["verbosity"] > 0:
            self.stdout.write(f"The scheme: {loaded.added} concepts added, {loaded.changed} renewed.")
