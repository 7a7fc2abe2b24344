"""`manage.py seal_bank_details`: after a new key was put in front of KOINE_BANK_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network.doors import DomainError
from network.people.domain.bank import seal_all_anew


class Command(BaseCommand):
    help = "Encrypt all bank details anew with the first of KOINE_BANK_KEYS; then the older keys can be left out."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = seal_all_anew()
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{number} sealed with the first key.")
