"""Who sees and says whether an organisation is what it says it is.

Staff here are operators of the portal, and whoever an app above names as judges of an organisation (`registry`): those who
decide about its applications. Nobody judges an organisation of which they are a member.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.people.enums import MemberRole, RoleKind, Verification
from network.people.models import Organisation, OrganisationDocument, OrganisationMember
from network.people.registry import JUDGES
from network.people.rules.organisations import member_role
from network.people.rules.roles import holds, is_operator, is_staff_member

MEMBER = _("You are a member of this organisation: somebody else verifies it.")


def judges_somebody(user: Any) -> bool:
    """Whether there may be organisations this person judges or reads about: staff of today."""
    return is_staff_member(user)


def is_judge(user: Any, organisation: Organisation) -> bool:
    """Whether an app above names this person as a judge of the organisation."""
    return is_staff_member(user) and any(
        Organisation.objects.filter(pk=organisation.pk, pk__in=judged(user)).exists() for judged in JUDGES
    )


def can_open_verification(user: Any, thing: object = None) -> Verdict:
    """May this person open the list of organisations to verify? Staff; it shows each what they judge."""
    if judges_somebody(user):
        return Allowed()
    return Denied(_("Only staff open this page."))


def can_see_verification(user: Any, organisation: Organisation) -> Verdict:
    """May this person read what staff know of an organisation? Operators, auditors, and its judges."""
    if is_operator(user) or holds(user, RoleKind.AUDITOR) or is_judge(user, organisation):
        return Allowed()
    return Denied(_("Only those who judge this organisation’s applications open this page."))


def can_verify_organisation(user: Any, organisation: Organisation) -> Verdict:
    """May this person verify or refuse an organisation? Operators and its judges, and nobody who belongs to it."""
    if not (is_operator(user) or is_judge(user, organisation)):
        return Denied(_("Only operators and those who judge this organisation’s applications may do this."))
    if member_role(user, organisation):
        return Denied(MEMBER)
    return Allowed()


def can_merge_organisations(user: Any, both: tuple[Organisation, Organisation]) -> Verdict:
    """May this person say that two organisations are one? Who may verify both."""
    for one in both:
        if isinstance(verdict := can_verify_organisation(user, one), Denied):
            return verdict
    return Allowed()


def can_ask_for_verification(user: Any, organisation: Organisation) -> Verdict:
    """May this person ask for the verification? An owner of the organisation."""
    if member_role(user, organisation) == MemberRole.OWNER:
        return Allowed()
    return Denied(_("Only an owner of this organisation may do this."))


def can_read_document(user: Any, document: OrganisationDocument) -> Verdict:
    """May this person download a document? Members of the organisation, and those who see its verification."""
    organisation = document.organisation
    if OrganisationMember.objects.filter(organisation=organisation, user_id=user.pk).exists():
        return Allowed()
    return can_see_verification(user, organisation)


def is_over(organisation: Organisation, day: Any) -> bool:
    """Whether it was verified until a day that has passed."""
    return organisation.verification == Verification.VERIFIED and not organisation.verified_on(day)
