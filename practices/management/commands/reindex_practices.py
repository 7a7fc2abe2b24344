"""`manage.py reindex_practices`: build the search table anew from the records."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from practices.domain.reindexing import reindex_together
from practices.domain.search import FORM
from practices.queries.indexing import behind_the_form, every_published

PROCESSES = 2
BAR = 30


class Command(BaseCommand):
    help = "Index every published practice again, in all its languages. May be stopped, and goes on with --after."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="go on after this practice's id")
        parser.add_argument("--behind", action="store_true", help="only what an earlier version of Koine indexed")
        parser.add_argument("--processes", type=int, default=min(PROCESSES, os.cpu_count() or 1), metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        ids = behind_the_form(FORM) if options["behind"] else every_published()
        ids = [pk for pk in ids if pk > options["after"]]
        if options["behind"] and not ids:
            return
        began, last = time.monotonic(), options["after"]

        def progress(done: int) -> None:
            nonlocal last
            last = ids[done - 1]
            left = (time.monotonic() - began) / done * (len(ids) - done)
            share = done / len(ids)
            bar = "#" * int(BAR * share) + "." * (BAR - int(BAR * share))
            words = f"\r[{bar}] {done} of {len(ids)} ({share:.0%}), last id {last}, {left:.0f} s left   "
            self.stdout.write(words, ending="")
            self.stdout.flush()

        try:
            rows = reindex_together(ids, options["processes"], progress)
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. Go on with: reindex_practices --after {last}") from None
        self.stdout.write(f"\n{rows} search rows of {len(ids)} practices in {time.monotonic() - began:.1f} s")
