"""`manage.py reindex_practices`: build the search table anew from the records."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from practices.domain.search import reindex
from practices.queries.indexing import every_published


class Command(BaseCommand):
    help = "Index every published practice again, in all its languages. May be stopped, and goes on with --after."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="go on after this practice's id")

    def handle(self, *args: Any, **options: Any) -> None:
        ids = every_published(options["after"])
        began = time.monotonic()

        def progress(done: int) -> None:
            if done % 50 == 0 or done == len(ids):
                share = 100 * done // len(ids)
                self.stdout.write(f"\r{done} of {len(ids)} ({share}%), last id {ids[done - 1]}", ending="")
                self.stdout.flush()

        rows = reindex(ids, progress)
        self.stdout.write(f"\n{rows} search rows of {len(ids)} practices in {time.monotonic() - began:.1f} s")
