"""What somebody read before they changed it, as a short mark: a page sends it back, and the domain sees whether it is old."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from grants.models import Criterion, EligibilityCriterion, Round
from network.translation.models import texts_of


def mark_of(*values: Any) -> str:
    """A mark that is the same as long as the values are."""
    said = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def criterion_mark(row: Criterion) -> str:
    """The mark of a criterion as it stands."""
    texts = (texts_of(row, "name"), texts_of(row, "guidance"))
    return mark_of(*texts, row.weight, row.minimum, row.maximum)


def eligibility_mark(row: EligibilityCriterion) -> str:
    """The mark of an eligibility question as it stands."""
    texts = [texts_of(row, name) for name in ("question", "help", "refusal")]
    return mark_of(*texts, row.kind, row.options, row.accepted, row.blocking)


def tiers_mark(round_: Round) -> str:
    """The mark of a round's sizes of grants as they stand. One query."""
    return mark_of(*round_.tiers.order_by("minimum").values_list("minimum", "maximum", "match"))


def section_mark(section: dict[str, Any]) -> str:
    """The mark of a form's section as it stands, without its questions."""
    return mark_of(section.get("title"), section.get("help"))
