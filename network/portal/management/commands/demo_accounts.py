from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.portal.demo.accounts import accounts


class Command(BaseCommand):
    help = "List the demonstration accounts: what each is for, its address, pass phrase and current sign-in code."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.KOINE_DEMO:
            raise CommandError("This portal is no demonstration: KOINE_DEMO is off.")
        found = accounts()
        if not found:
            raise CommandError("No demonstration accounts are here. manage.py load_demo fills an empty portal.")
        head = ("Demo account", "E-mail", "Password", "Code now")
        rows = [head, *((one.about, one.email, one.password, one.code or "-") for one in found)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        self.stdout.write(
            '\nA code is valid for about a minute; the sign-in page of a demo account shows the current one, and so does\nmake manage ARGS="demo_accounts". These accounts exist in demonstrations only.'
        )
