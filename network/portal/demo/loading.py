"""Filling an empty portal with the demonstration, in one transaction: it is there whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City
from network.audit.context import acting
from network.doors import DomainError
from network.portal.demo import (
    awards,
    collections,
    drafts,
    labels,
    library,
    members,
    persons,
    records,
    reviews,
    searches,
    verifications,
)
from network.portal.demo.record import Loaded


def load(tell: Callable[[str], None] = lambda line: None) -> Loaded:
    """Load everything; `tell` hears what is being loaded. Dates of the demonstration count from today.

    DomainError where the portal is no demonstration, or holds cities already.
    """
    if not settings.KOINE_DEMO:
        raise DomainError(_("This portal is no demonstration: KOINE_DEMO is off."), code="not_demo")
    if City.objects.exists():
        raise DomainError(
            _("This portal holds cities already. The demonstration fills an empty one."), code="not_empty"
        )
    with transaction.atomic():
        loaded = Loaded(now=timezone.now().replace(microsecond=0), operator=persons.open_operator())
        for what, steps in STEPS:
            tell(what)
            with acting(loaded.operator.pk, "demonstration"):
                for step in steps:
                    step(loaded)
        tell("what practices left out at first")
        records.complete_records(loaded)
        tell("practices taken up elsewhere")
        library.take_up(loaded)
        library.confirm_practices(loaded)
        tell("versions and their reviews")
        reviews.review_versions(loaded)
        tell("labels of networks")
        labels.give_labels(loaded)
        tell("applications")
        awards.write_applications(loaded)
        tell("what staff say of organisations")
        verifications.verify_organisations(loaded)
        tell("a practice that is being written")
        drafts.write_drafts(loaded)
        tell("collections of practices")
        collections.make_collections(loaded)
    return loaded


# What the operator writes down, in an order in which everything finds what it refers to.
STEPS = (
    ("organisations", (members.record_organisations,)),
    ("cities and their contacts", (members.register_cities, members.add_contacts)),
    ("networks and memberships", (members.create_networks, members.admit_members)),
    ("themes and practices", (library.load_themes, library.publish_practices)),
    ("the fund and its rounds", (awards.create_funds, awards.copy_funds)),
    ("people and their roles", (persons.open_accounts, searches.keep_searches)),
)
