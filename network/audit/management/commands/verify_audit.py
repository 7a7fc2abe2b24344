"""`manage.py verify_audit`: prove that the history is as it was written."""

from django.core.management.base import BaseCommand, CommandError

from network.audit import domain


class Command(BaseCommand):
    help = "Walk the history's hash chain and name the first altered, removed or inserted row."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--head", help="the hash that the chain must end with, noted earlier off-site")

    def handle(self, *args, head: str | None = None, **options) -> None:
        result = domain.verify()
        if not result.intact:
            raise CommandError(f"history row {result.event_id}: {result.fault} (after {result.checked} intact rows)")
        if head and head != result.head:
            raise CommandError(f"the chain ends with {result.head}, not with {head}")
        self.stdout.write(f"{result.checked} history rows intact; head {result.head}")
