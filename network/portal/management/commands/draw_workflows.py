"""`manage.py draw_workflows`: write docs/workflows.md from the workflow tables in the apps' `enums`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

import grants.enums
import network.mail.enums
import network.membership.enums
import network.people.enums
import practices.enums
import practices.enums.reviews

Edge = tuple[str, str, str]
HEAD = """# Workflows

Drawn from the tables in the apps' `enums` by `manage.py draw_workflows`; a test fails where the two differ.
"""


def applications() -> Iterator[Edge]:
    """An application's states (grants.enums.WORKFLOW); who may is part of the edge."""
    for state, verbs in grants.enums.WORKFLOW.items():
        for verb, transition in verbs.items():
            yield state.value, f"{verb.value} ({transition.who})", transition.to.value


def adoptions() -> Iterator[Edge]:
    """An adoption's states (practices.enums.ADOPTIONS); whose officers may is part of the edge."""
    for state, steps in practices.enums.ADOPTIONS.items():
        for verb, step in steps.items():
            yield state.value, f"{verb.value} ({step.who})", step.to.value


def reviews() -> Iterator[Edge]:
    """A request for a review (practices.enums.reviews.REVIEWS); who acts is part of the edge."""
    for state, steps in practices.enums.reviews.REVIEWS.items():
        for verb, step in steps.items():
            yield state.value, f"{verb.value} ({step.who})", step.to.value


def verifications() -> Iterator[Edge]:
    """An organisation's verification (network.people.enums.VERIFYING); who acts is part of the edge."""
    for state, steps in network.people.enums.VERIFYING.items():
        for verb, step in steps.items():
            yield state.value, f"{verb.value} ({step.who})", step.to.value


def bank_details() -> Iterator[Edge]:
    """Bank details of an organisation (network.people.enums.BANKING); who acts is part of the edge."""
    for state, steps in network.people.enums.BANKING.items():
        for verb, (who, to) in steps.items():
            yield state.value, f"{verb.value} ({who})", to.value


def verbs(workflow: dict) -> Iterator[Edge]:
    """A workflow written as state -> verb -> state."""
    for state, moves in workflow.items():
        for verb, to in moves.items():
            yield state.value, verb.value, to.value


def mails() -> Iterator[Edge]:
    """An outgoing mail's states: what may follow what."""
    for state, following in network.mail.enums.NEXT.items():
        for to in following:
            yield state.value, "", to.value


def drawing(title: str, edges: Iterator[Edge]) -> str:
    """One workflow as a Mermaid state diagram under a heading."""
    lines = [f"    {a} --> {b}" + (f": {verb}" if verb else "") for a, verb, b in edges]
    return "\n".join([f"\n## {title}\n", "```mermaid", "stateDiagram-v2", *lines, "```", ""])


def page() -> str:
    """The whole page."""
    with translation.override("en"):
        return HEAD + "".join(
            [
                drawing("Application", applications()),
                drawing("An organisation's verification", verifications()),
                drawing("An organisation's bank details", bank_details()),
                drawing("Fund", verbs(grants.enums.FUND_WORKFLOW)),
                drawing("Practice", verbs(practices.enums.WORKFLOW)),
                drawing("Version of a publication", verbs(practices.enums.MAKING)),
                drawing("Adoption of a practice by another city", adoptions()),
                drawing("A version of a practice", verbs(practices.enums.VERSIONS)),
                drawing("A peer's review of a version", reviews()),
                drawing(
                    "Membership (a status on a date, computed from decisions)", verbs(network.membership.enums.WORKFLOW)
                ),
                drawing("Outgoing mail", mails()),
            ]
        )


class Command(BaseCommand):
    help = "Write docs/workflows.md from the tables in the apps' enums."

    def handle(self, *args, **options) -> None:
        Path(settings.BASE_DIR, "docs", "workflows.md").write_text(page(), encoding="utf-8")
