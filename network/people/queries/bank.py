"""Which account an organisation has, by its last four characters, and what waits for whom. Nothing is opened here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.http import Http404

from network.people.enums import FINANCE_ROLES, BankState, MemberRole, RoleKind
from network.people.models import BankDetails, Organisation
from network.people.queries.organisations import organisation_for
from network.people.registry import PAYERS
from network.people.rules.bank import (
    can_decide_on_bank_details,
    can_enter_bank_details,
    can_read_bank_details,
    can_see_bank_page,
    can_withdraw_bank_details,
)
from network.people.rules.organisations import member_role
from network.people.rules.roles import holds, roles_of

PER_PAGE = 25
CHIPS = {
    BankState.PENDING: "watch",
    BankState.CONFIRMED: "good",
    BankState.REPLACED: "",
    BankState.REFUSED: "stop",
    BankState.WITHDRAWN: "",
}


def has_finance_role(user: Any) -> bool:
    """Whether the person holds a finance role today, for whatever fund."""
    return any(role.kind in FINANCE_ROLES for role in roles_of(user))


def paid_by(user: Any) -> QuerySet[Organisation]:
    """The organisations that this person's finance roles are about."""
    if not has_finance_role(user):
        return Organisation.objects.none()
    keys = Q(pk__in=[])
    for function in PAYERS:
        keys |= Q(pk__in=function(user))
    return Organisation.objects.filter(keys, archived_at=None)


def organisation_of_account(user: Any, slug: str) -> Organisation:
    """The organisation for its members, operators, auditors and those who pay it; Http404 for everybody else."""
    try:
        return organisation_for(user, slug)
    except Http404:
        rows = Organisation.objects.filter(Q(slug=slug, merged_into=None) | Q(merged__slug=slug))
        found = rows.first()
        if found is None or not can_see_bank_page(user, found):
            raise
        return found


def details_for(user: Any, slug: str, pk: int) -> BankDetails:
    """One entry of an organisation whose account page this person sees."""
    organisation = organisation_of_account(user, slug)
    found = organisation.bank_details.select_related("asked_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.organisation = organisation
    return found


@dataclass(frozen=True)
class Line:
    """One entry as everybody with this page sees it."""

    details: BankDetails
    chip: str


@dataclass(frozen=True)
class BankPage:
    """What counts, what waits, what was, and what this person may do."""

    standing: Line | None
    waiting: Line | None
    earlier: list[Line]
    readings: list[Any]
    may_enter: bool
    may_decide: bool
    may_withdraw: bool
    may_read: bool


def bank_page(organisation: Organisation, user: Any) -> BankPage:
    """The page of an organisation's account. Who read it in full is told to finance and auditors."""
    rows = list(organisation.bank_details.select_related("asked_by", "decided_by").order_by("-pk"))
    for row in rows:
        row.organisation = organisation
    lines = {row.state: Line(row, CHIPS[BankState(row.state)]) for row in rows}
    waiting, standing = lines.get(BankState.PENDING), lines.get(BankState.CONFIRMED)
    past = [Line(row, CHIPS[BankState(row.state)]) for row in rows]
    shown = [row for row in (standing, waiting) if row]
    may_read = bool(shown) and bool(can_read_bank_details(user, shown[0].details))
    readings: list[Any] = []
    if may_read or holds(user, RoleKind.AUDITOR):
        readings = [
            reading
            for row in organisation.bank_details.prefetch_related("readings__by").order_by("-pk")
            for reading in row.readings.all()
        ]
    return BankPage(
        standing,
        waiting,
        [line for line in past if line.details.state not in {BankState.PENDING, BankState.CONFIRMED}],
        sorted(readings, key=lambda reading: reading.at, reverse=True)[:20],
        bool(can_enter_bank_details(user, organisation)) and organisation.archived_at is None,
        waiting is not None and bool(can_decide_on_bank_details(user, waiting.details)),
        waiting is not None and bool(can_withdraw_bank_details(user, waiting.details)),
        may_read,
    )


def is_owner(user: Any, details: BankDetails) -> bool:
    """Whether this person answers as an owner, who types the number anew, and not as finance, which sees it."""
    return member_role(user, details.organisation) == MemberRole.OWNER


def waiting_details(user: Any) -> list[BankDetails]:
    """Bank details that wait for this person: of another owner of the same organisation, or of one they pay."""
    mine = Q(organisation__memberships__user_id=user.pk, organisation__memberships__role=MemberRole.OWNER)
    if has_finance_role(user):
        mine |= Q(organisation__in=paid_by(user))
    rows = BankDetails.objects.filter(mine, state=BankState.PENDING, organisation__archived_at=None)
    return list(rows.exclude(asked_by_id=user.pk).select_related("organisation").distinct().order_by("pk"))


def paid_page(user: Any, number: str | int) -> Page:
    """The organisations that this person pays, with what counts and what waits; those that wait first. Three queries."""
    live = BankDetails.objects.filter(state__in=[BankState.PENDING, BankState.CONFIRMED]).order_by("pk")
    waits = BankDetails.objects.filter(state=BankState.PENDING).values("organisation_id")
    first = Case(When(pk__in=waits, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = paid_by(user).prefetch_related(Prefetch("bank_details", live, "live")).order_by(first, "slug")
    page: Any = Paginator(rows, PER_PAGE).get_page(number)
    return page
