"""A network's label expires: the city that holds it and the network that gave it hear of it before."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy as _

from network.deadlines import ZONE, Audience, DeadlineKind, at_end_of, before
from network.people.enums import RoleKind
from network.people.models import User
from network.people.rules.roles import is_officer_of
from practices.deadlines.parts import holders
from practices.enums import State
from practices.messages.labels import LABEL_ENDS, told
from practices.models import Label

LABEL = "practices.label"
CITY, NETWORK = "city", "network"


def _ending() -> QuerySet[Label]:
    """Labels that are valid and not renewed yet, of practices that are public."""
    later = Label.objects.standing().filter(
        practice=OuterRef("practice"), kind=OuterRef("kind"), valid_from__gt=OuterRef("valid_until")
    )
    valid = Label.objects.valid_on(timezone.localdate())
    return valid.filter(~Exists(later), practice__state=State.PUBLISHED, practice__city__archived_at__isnull=True)


def rows() -> QuerySet:
    """(label, end of its last day, zone) of every label that ends."""
    ending = _ending().order_by().annotate(due_local=at_end_of("valid_until"), zone=ZONE)
    return ending.values_list("pk", "due_local", "zone")


def of_city() -> QuerySet:
    """(label, officer of the city that wrote the practice)."""
    return holders(_ending(), RoleKind.CITY_OFFICER, "practice__city__uuid")


def of_network() -> QuerySet:
    """(label, officer of the network that gave it)."""
    return holders(_ending(), RoleKind.NETWORK_OFFICER, "kind__network__uuid")


def describe(label_id: int, user_id: int) -> dict[str, Any]:
    """What the person is reminded of. LookupError where the label ends no more, or is no longer a concern of theirs."""
    concerned = of_city().filter(pk=label_id).union(of_network().filter(pk=label_id), all=True)
    label = _ending().filter(pk=label_id).select_related("practice__city", "kind__network").first()
    if label is None or user_id not in {person for _label, person in concerned}:
        raise LookupError(f"label {label_id} is no concern of {user_id}")
    staff = is_officer_of(User.objects.get(pk=user_id), label.kind.network.uuid)
    return {**told(label, get_language() or "en", desk=staff), "staff": staff}


def name_of(label_id: int) -> str:
    """The label for staff: what it is called, and of which practice; nothing where it is gone."""
    label = Label.objects.select_related("practice__city", "kind__network").filter(pk=label_id).first()
    if label is None:
        return ""
    about = told(label, get_language() or "en")
    return gettext("%(label)s: %(title)s") % {"label": about["label"], "title": about["title"]}


KINDS = (
    DeadlineKind(
        name=LABEL,
        title=_("A label expires"),
        model=Label,
        rows=rows,
        audiences={
            CITY: Audience(_("Officers of the city that holds it"), of_city),
            NETWORK: Audience(_("Officers of the network that gave it"), of_network),
        },
        messages=(LABEL_ENDS,),
        # A label's last day never moves: it is renewed by another one.
        moved=LABEL_ENDS,
        describe=describe,
        name_of=name_of,
        rules=tuple(before(audience, LABEL_ENDS.kind, days) for audience in (CITY, NETWORK) for days in (60, 14)),
    ),
)
