"""`manage.py read_bounces FILE`: take what mail servers sent back from an mbox file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from network.mail.domain.bounces import Taken, take_bounces
from network.mail.gateways.spool import NotASpool, opened
from network.mail.imports.dsn import LARGEST, Unreadable, bounces_in

# What became of each report, in the order it is told.
TOLD = {
    Taken.FAILED: "did not arrive",
    Taken.NOTED: "are late",
    Taken.REPEATED: "were known",
    Taken.UNKNOWN: "are about no mail of ours",
    Taken.FOREIGN: "name an address the mail did not go to",
}


class Command(BaseCommand):
    help = (
        "Read the bounces in an mbox file (RFC 3464 reports, and Exim's own) and mark the mails that did not arrive. "
        "Reading a file again changes nothing."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--delete", action="store_true", help="take out what was read; what can't be read stays")

    def handle(self, *args, file: Path, delete: bool, **options) -> None:
        told: Counter[Taken] = Counter()
        unreadable: set[str] = set()
        silent = 0
        try:
            with opened(file) as spool:
                for key in spool.keys:
                    try:
                        bounces = bounces_in(spool.read(key, LARGEST))
                    except Unreadable:
                        unreadable.add(key)
                        continue
                    told.update(take_bounces(bounces))
                    silent += not bounces
                if delete:
                    spool.empty(keep=unreadable)
                read = len(spool.keys)
        except NotASpool as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{read} mails read.")
        for taken, words in TOLD.items():
            if told[taken]:
                self.stdout.write(f"{told[taken]} {words}.")
        if silent:
            self.stdout.write(f"{silent} report no bounce.")
        if unreadable:
            self.stdout.write(f"{len(unreadable)} can't be read{' and stay in the file' if delete else ''}.")
