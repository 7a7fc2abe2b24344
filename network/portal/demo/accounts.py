"""The demonstration's accounts: what each is for, and how to sign in with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from network.people.demo import code_of
from network.people.models import User
from network.portal.demo.content import read

# A pass phrase is three of these words and a number: easy to type, and everybody may know it.
WORDS = (
    "amber", "arcade", "bakery", "balcony", "barge", "basil", "beacon", "bridge", "bronze", "candle", "canal",
    "cedar", "chapel", "clover", "copper", "coral", "corner", "courtyard", "cypress", "dome", "ferry",
    "fountain", "garden", "gate", "ginger", "granite", "harbour", "hazel", "heron", "island", "ivory",
    "jasmine", "kettle", "lantern", "laurel", "library", "linen", "maple", "marble", "market", "meadow",
    "mosaic", "nutmeg", "oak", "olive", "orchard", "parade", "pebble", "piazza", "poplar", "quarry", "quay",
    "saffron", "sage", "sail", "silver", "spire", "square", "stair", "terrace", "thyme", "tower", "tram",
    "tulip", "valley", "violet", "walnut", "willow", "window",
)  # fmt: skip


def phrase_of(email: str) -> str:
    """The pass phrase of a demonstration account: follows from its address, protects nothing."""
    digest = hashlib.sha256(f"koine demonstration {email}".encode()).digest()
    words = [WORDS[byte % len(WORDS)] for byte in digest[:3]]
    return "-".join([*words, str(10 + digest[3] % 90)])


@dataclass(frozen=True)
class Account:
    """A line of the list that `make run` prints. `code` is what the authenticator app would show now; empty without one."""

    about: str
    email: str
    password: str
    code: str


def accounts() -> list[Account]:
    """The demonstration accounts that exist, in the order of people.json."""
    there: dict[str, Any] = {user.email: user for user in User.objects.filter(demo=True, is_active=True)}
    return [
        Account(person["about"], person["email"], phrase_of(person["email"]), code_of(there[person["email"]]))
        for person in read("people")
        if person["email"] in there
    ]
