from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network.doors import DomainError
from network.portal.demo.loading import load


class Command(BaseCommand):
    help = "Fill an empty portal with the demonstration: networks, cities, practices, a fund, and an account per role."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            loaded = load(self._tell if options["verbosity"] > 1 else lambda line: None)
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Loaded {len(loaded.networks)} networks, {len(loaded.cities)} cities, {len(loaded.memberships)} memberships, "
            f"{len(loaded.practices)} practices and {len(loaded.people)} accounts in {time.monotonic() - began:.1f} s."
        )

    def _tell(self, line: str) -> None:
        self.stdout.write(f"  {line} ...")
