"""What an organisation's profile says, as answers to the questions that ask for it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from grants.enums import FieldKind
from grants.models.questions import PARTED, Question, Section
from network.frame.names import country_name
from network.people.models import Organisation
from network.translation.models import text_in


def profile_answer(question: Question, organisation: Organisation) -> dict[str, str]:
    """The answer the profile gives, in the active language; nothing where it is empty. One query for the numbers."""
    country = country_name(organisation.country) if organisation.country else ""
    if question.kind == FieldKind.ADDRESS:
        return _there({"lines": organisation.address, "country": country})
    numbers = [f"{row.scheme} {row.number}" for row in organisation.identifiers.all()]
    return _there(
        {
            "name": text_in(organisation, "name", get_language() or "en") or str(organisation),
            "kind": str(organisation.get_kind_display()),
            "number": ", ".join(numbers),
            "website": organisation.website,
        }
    )


def _there(parts: dict[str, str]) -> dict[str, str]:
    return parts if any(parts.values()) else {}


def profile_answers(section: Section, organisation: Organisation) -> dict[str, Any]:
    """A section's answers that the profile gives, by question."""
    found = {one.key: profile_answer(one, organisation) for one in section.written if one.kind in PARTED}
    return {key: parts for key, parts in found.items() if parts}
