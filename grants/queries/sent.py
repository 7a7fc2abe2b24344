"""What was sent last, as columns of a query: whatever stands in a draft that is being changed again does not count."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce

from grants.models import FormVersion
from grants.rules.answers import layout

# What the last version asks for, from an application.
SENT_AMOUNT = "current_version__amount_requested"


def places_of(forms: Iterable[FormVersion], key: str) -> list[str]:
    """The sections in which a question stands in any of these versions: it may have moved between them."""
    return sorted(
        {
            section.key
            for form in forms
            for section in layout(form)
            if any(question.key == key for question in section.questions)
        }
    )


def sent_answer(forms: Iterable[FormVersion], key: str) -> Combinable:
    """What the last version of an application says to a question, as text; "" where nothing was sent or answered."""
    said = [
        KeyTextTransform(key, KeyTransform(place, F("current_version__answers"))) for place in places_of(forms, key)
    ]
    return Coalesce(*said, Value(""), output_field=TextField()) if said else Value("", output_field=TextField())
