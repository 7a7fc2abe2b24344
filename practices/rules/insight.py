"""What is noted of searches, and who reads what came of it."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.people.enums import RoleKind
from network.people.rules.roles import is_operator, scopes
from network.text import normalise
from practices.models import LONGEST_ASKED

ASKED, MISSED = "practices.asked", "practices.missed"
# An address, or as many digits as a telephone number or a date of birth has: somebody's own, whatever they looked for.
PERSONAL = re.compile(r"@|\d(?:[\s./-]?\d){5}|https?:|www\.")


def asked_words(typed: str) -> str | None:
    """A query as it is counted: folded, cut at a word. None where it may name a person's own address or number."""
    words = normalise(typed)
    if PERSONAL.search(words):
        return None
    return words if len(words) <= LONGEST_ASKED else words[:LONGEST_ASKED].rpartition(" ")[0] or words[:LONGEST_ASKED]


def can_read_insight(user: Any, _library: object = None) -> Verdict:
    """May this person read what people look for? Operators, and officers of any network: the library is all networks'."""
    if is_operator(user) or scopes(user, RoleKind.NETWORK_OFFICER):
        return Allowed()
    return Denied(_("Only officers of a network and operators of the portal read this."))
