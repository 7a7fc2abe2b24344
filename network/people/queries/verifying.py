"""What staff see of organisations: which wait for them, and all there is to judge one by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone

from network.people.enums import CheckResult, RoleKind, Verification
from network.people.models import DueDiligenceCheck, Organisation, OrganisationDocument
from network.people.models.checks import DueDiligenceCheckQuerySet
from network.people.models.organisations import OrganisationQuerySet
from network.people.queries.distinct import SaidDistinct, distinct_from
from network.people.queries.duplicates import Likeness, likes_of, possible_duplicates
from network.people.queries.organisations import organisation_for
from network.people.registry import JUDGES
from network.people.rules.numbers import fault
from network.people.rules.roles import holds, is_operator, is_staff_member
from network.people.rules.verifying import can_see_verification

PER_PAGE = 25
WAITING, OPEN, OVER, CHECKS, ALL = "waiting", "open", "over", "checks", "all"
CHIPS = {
    Verification.UNVERIFIED: "",
    Verification.SUBMITTED: "watch",
    Verification.VERIFIED: "good",
    Verification.REFUSED: "stop",
}


RESULT_CHIPS = {CheckResult.PASSED: "good", CheckResult.CONCERNS: "watch", CheckResult.FAILED: "stop"}
SOON = timedelta(days=30)


def judged(user: Any) -> OrganisationQuerySet:
    """The organisations that this person judges: all for operators and (to read) auditors; those of their roles for others."""
    if is_operator(user) or holds(user, RoleKind.AUDITOR):
        return Organisation.objects.all()
    if not is_staff_member(user):
        return Organisation.objects.none()
    keys = Q(pk__in=[])
    for function in JUDGES:
        keys |= Q(pk__in=function(user))
    return Organisation.objects.filter(keys)


def over(rows: OrganisationQuerySet) -> OrganisationQuerySet:
    """Those whose verification is over."""
    return rows.filter(verification=Verification.VERIFIED, verified_until__lt=timezone.localdate())


def asked(rows: OrganisationQuerySet, question: str) -> OrganisationQuerySet:
    """The rows of one tab: waiting for staff, not verified and not asking, over, with checks that expire, or all."""
    rows = rows.filter(archived_at=None)
    match question:
        case "open":
            return rows.filter(verification__in=[Verification.UNVERIFIED, Verification.REFUSED])
        case "over":
            return over(rows)
        case "checks":
            return rows.filter(pk__in=_expiring().values("organisation_id"))
        case "all":
            return rows
        case _:
            return rows.waiting()


@dataclass(frozen=True)
class Waiting:
    """One line of the list: the organisation, its numbers, and how many may be the same."""

    organisation: Organisation
    documents: int
    alike: int
    chip: str
    over: bool


@dataclass(frozen=True)
class Queue:
    """The list of one tab with the numbers on all tabs."""

    page: Page
    rows: list[Waiting]
    counts: dict[str, int]


def queue(user: Any, question: str, number: str | int) -> Queue:
    """Those that wait longest first. The number of queries does not grow with the list."""
    mine = judged(user)
    today = timezone.localdate()
    here = Q(archived_at=None)
    counts = mine.aggregate(
        waiting=Count("pk", here & Q(verification=Verification.SUBMITTED)),
        open=Count("pk", here & Q(verification__in=[Verification.UNVERIFIED, Verification.REFUSED])),
        over=Count("pk", here & Q(verification=Verification.VERIFIED, verified_until__lt=today)),
        checks=Count("pk", here & Q(pk__in=_expiring().values("organisation_id"))),
        all=Count("pk", here),
    )
    held = Count("documents", filter=Q(documents__removed_at=None))
    rows = asked(mine, question).annotate(held=held).prefetch_related("identifiers")
    page: Any = Paginator(rows.order_by("verification_at", "pk"), PER_PAGE).get_page(number)
    likes = likes_of(page.object_list)
    lines = [
        Waiting(
            one,
            one.held,
            len(likes.get(one.pk, {})),
            CHIPS[Verification(one.verification)],
            one.verification == Verification.VERIFIED and not one.verified_on(today),
        )
        for one in page.object_list
    ]
    return Queue(page, lines, counts)


def organisation_to_judge(user: Any, slug: str) -> Organisation:
    """The organisation for those who see its verification; Http404 for everybody else. As `organisation_for`, the address
    of a merged one gives the other."""
    found = Organisation.objects.filter(Q(slug=slug, merged_into=None) | Q(merged__slug=slug)).first()
    if found is None or not can_see_verification(user, found):
        raise Http404
    return found


@dataclass(frozen=True)
class Number:
    """A number in a register: what it is, and what is wrong with it, where it was taken in before numbers were checked."""

    register: str
    number: str
    wrong: Any


@dataclass(frozen=True)
class Candidate:
    """An organisation that may be the same, as it stands beside the other."""

    organisation: Organisation
    reasons: list[Likeness] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    members: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class ShownCheck:
    """A check as staff read it: whether it counts, and whether its last day is over."""

    check: DueDiligenceCheck
    counts: bool
    expired: bool
    chip: str


@dataclass(frozen=True)
class VerificationPage:
    """All there is to judge an organisation by."""

    this: Candidate
    documents: list[OrganisationDocument]
    checks: list[ShownCheck]
    candidates: list[Candidate]
    distinct: list[SaidDistinct]
    chip: str
    over: bool


def _candidate(organisation: Organisation, reasons: Iterable[Likeness] = ()) -> Candidate:
    numbers = [
        Number(str(row.get_scheme_display()), row.number, fault(row.scheme, row.number))
        for row in organisation.identifiers.all()
    ]
    members = sorted(organisation.memberships.all(), key=lambda row: row.pk)
    return Candidate(organisation, list(reasons), numbers, members)


def beside(organisation: Organisation) -> Candidate:
    """An organisation as it stands beside another."""
    return _candidate(Organisation.objects.prefetch_related("identifiers", "memberships__user").get(pk=organisation.pk))


def verification_page(organisation: Organisation) -> VerificationPage:
    """The organisation with its numbers, documents, members and those that may be the same."""
    this = Organisation.objects.prefetch_related("identifiers", "memberships__user").get(pk=organisation.pk)
    documents = current_documents(this)
    candidates = [_candidate(one, reasons) for one, reasons in possible_duplicates(this)]
    is_over = this.verification == Verification.VERIFIED and not this.verified_on(timezone.localdate())
    return VerificationPage(
        _candidate(this),
        documents,
        shown_checks(this),
        candidates,
        distinct_from(this),
        CHIPS[Verification(this.verification)],
        is_over,
    )


def shown_checks(organisation: Organisation) -> list[ShownCheck]:
    """Every check, the newest first: those that count before those that were replaced or taken back."""
    today = timezone.localdate()
    seen: set[str] = set()
    shown = []
    for check in organisation.checks.select_related("recorded_by", "withdrawn_by").order_by("-pk"):
        counts = check.withdrawn_at is None and check.kind not in seen
        if counts:
            seen.add(check.kind)
        shown.append(ShownCheck(check, counts, check.expired_on(today), RESULT_CHIPS[CheckResult(check.result)]))
    return sorted(shown, key=lambda row: not row.counts)


def check_for(user: Any, slug: str, pk: int) -> DueDiligenceCheck:
    """A check of an organisation whose verification this person sees."""
    organisation = organisation_to_judge(user, slug)
    found = organisation.checks.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.organisation = organisation
    return found


def _expiring() -> DueDiligenceCheckQuerySet:
    """Checks that count and have expired or do so within 30 days."""
    return DueDiligenceCheck.objects.standing().filter(expires_on__lte=timezone.localdate() + SOON)


def expiring_checks(user: Any) -> DueDiligenceCheckQuerySet:
    """Those of organisations that this person judges."""
    return _expiring().filter(organisation__in=judged(user).filter(archived_at=None))


def pair_to_merge(user: Any, slug: str, other: str) -> tuple[Organisation, Organisation]:
    """The organisation that goes and the one that stays, for those who see both."""
    pair = (organisation_to_judge(user, slug), organisation_to_judge(user, other))
    if pair[0].pk == pair[1].pk:
        raise Http404
    return pair


def current_documents(organisation: Organisation) -> list[OrganisationDocument]:
    """The organisation's documents that were not removed, in the order in which they came."""
    return list(organisation.documents.filter(removed_at=None).order_by("pk"))


def document_for(user: Any, slug: str, uuid: Any) -> OrganisationDocument:
    """A document of an organisation that this person may see as a member or as staff; only a clean one is given out."""
    try:
        organisation = organisation_for(user, slug)
    except Http404:
        organisation = organisation_to_judge(user, slug)
    found = organisation.documents.filter(uuid=uuid, removed_at=None).first()
    if found is None:
        raise Http404
    found.organisation = organisation
    return found
