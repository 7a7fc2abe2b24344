"""Everyone who comes to the portal, one per role, from the demonstration; and the things their addresses name."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from cities.models import City
from grants.domain.comments import add_comment
from grants.domain.people import invite_person
from grants.enums import State
from grants.messages import ROUND_CLOSES
from grants.models import Application, ApplicationInvitation, Attachment, EligibilityCriterion
from network.mail.queries.notices import notices_of
from network.mail.rules.links import stop_token
from network.people.domain.invitations import invite_member
from network.people.domain.tokens import make_token
from network.people.models import Organisation, User
from practices.domain import Alerts, save_search
from practices.domain.publications import Order, order_publication
from practices.domain.publishing import make_publication
from practices.enums import VersionState
from practices.models import Adoption, Collection, Label, Practice, PracticeVersion, Publication
from practices.queries.collections import ids_in_order
from practices.queries.publications import plan_of
from tests.people.signing import sign_in

ROLES = {
    "visitor": None,
    "applicant": "maya.okafor@lanternyard.example",
    "editor": "tomasz.zielinski@lanternyard.example",
    "stranger": "layla.alhassan@darbalzaytoun.example",
    "athens": "nikos.papadakis@athina.example",
    "malmo": "asa.lindqvist@malmo.example",
    "scn": "grace.wanjiru@strongcities.example",
    "cni": "eleni.mavridou@poleis.example",
    "manager": "daniel.whitcombe@sharedfund.example",
    "finance": "ingrid.solberg@sharedfund.example",
    "reviewer": "francesca.bellandi@lettori.example",
    "translator": "youssef.najjar@tarjama.example",
    "committee": "karim.benjelloun@rabat.example",
    "operator": "samir.qureshi@koine.example",
    "auditor": "johanna.ketilsdottir@endurskodun.example",
}


def browser_of(role: str) -> Client:
    """A browser of that role, signed in with a second factor where the role has an account."""
    address = ROLES[role]
    client = Client()
    return sign_in(client, User.objects.get(email=address)) if address else client


def person(role: str) -> Any:
    """The account of a role; AnonymousUser for the visitor."""
    return User.objects.get(email=ROLES[role]) if ROLES[role] else AnonymousUser()


def publication_of(collection: Collection) -> Publication:
    """A publication of the first practice of a collection, ordered by its owner and made."""
    by = collection.members.get(role="owner").user
    plan = plan_of(ids_in_order(collection)[:1])
    version = order_publication(Order("One practice", "en", "en"), plan, by=by, collection=collection)
    make_publication(version.pk)
    return version.publication


def invited_to(draft: Application) -> ApplicationInvitation:
    """An invitation to a draft, by its owner."""
    by = person("stranger")
    return invite_person(draft, email="guest@example.org", role="viewer", language="en", by=by, at=timezone.now())


def things() -> dict[str, dict[str, Any]]:
    """What the routes' parameters stand for: a name in the table -> keyword arguments of the address."""
    applicant = person("applicant")
    organisation = Organisation.objects.get(slug="lantern-yard-neighbours")
    application = Application.objects.filter(members__user=applicant, state=State.SUBMITTED).get()
    draft = Application.objects.get(members__user=person("stranger"), state=State.DRAFT)
    attachment = Attachment.objects.filter(application=application).order_by("pk").first()
    assert attachment is not None
    invitation = invite_member(organisation, email="invited@example.org", role="viewer", by=applicant)
    section = application.form.sections[0]["key"]
    field = next(f["key"] for s in application.form.sections for f in s["fields"] if f["kind"] == "file")
    member = organisation.memberships.exclude(user=applicant).first()
    athens = City.objects.get(slug="athens").uuid
    waiting = Adoption.objects.get(practice__slug="sprak-pa-skiftet-malmo", city__slug="athens")
    found: dict[str, dict[str, Any]] = {
        "": {},
        "city": {"slug": "athens"},
        "network": {"slug": "cities-network-for-integration"},
        "practice": {"slug": "gr-athens-accmr"},
        "adoption": {"slug": "sprak-pa-skiftet-malmo", "pk": waiting.pk},
        "number": {"number": Practice.objects.get(slug="gr-athens-accmr").pk},
        "export": {"kind": "json"},
        "no_file": {"uuid": "00000000-0000-4000-8000-000000000000"},
        "theme": {"code": "housing"},
        "fund": {"slug": "shared-endeavour-fund"},
        "fund_part": {"slug": "shared-endeavour-fund", "pk": 10**9},
        "fund_round": {"slug": "shared-endeavour-fund", "number": 100},
        "organisation": {"slug": organisation.slug},
        "application": {"opaque_id": application.opaque_id},
        "draft": {"opaque_id": draft.opaque_id},
        "section": {"opaque_id": draft.opaque_id, "section": section},
        "file": {"opaque_id": draft.opaque_id, "field": field},
        "invitation": {"slug": organisation.slug, "pk": invitation.pk},
        "document": {"slug": organisation.slug, "uuid": organisation.documents.get().uuid},
        "bank": {"slug": organisation.slug, "pk": organisation.bank_details.get(state="pending").pk},
        "check": {"slug": organisation.slug, "pk": organisation.checks.first().pk},
        "merger": {"slug": "lantern-yard-neighbours-cio", "other": organisation.slug},
        "member": {"slug": organisation.slug, "pk": member.pk},
        "own_invitation": {"pk": invitation.pk},
        "token": {"token": "no-such-token"},
        "stop": {"token": stop_token(applicant.pk, ROUND_CLOSES.kind)},
        "notice": {"pk": notices_of(applicant).values_list("pk", flat=True)[0]},
        "city_part": {"slug": "athens", "pk": 10**9},
        "key": {"key": "no-such-key"},
        "reset": {"uidb36": "1", "key": "no-such-key"},
        "pk": {"pk": 10**9},
        "insight": {"table": "searches"},
        "search": {"pk": save_search("Housing", "theme=housing", "en", Alerts(), by=person("athens")).pk},
        "sitemap": {"section": "pages"},
        "rest": {"rest": "nothing-here"},
        "own_practice": {"practice": athens},
        "own_section": {"practice": athens, "section": "about"},
        "round": {"uuid": application.round.uuid},
        "own_application": {"application": athens},
        "own_application_file": {"application": athens, "file": athens},
        "own_file": {"practice": athens, "section": "pictures", "row": athens},
        "scope": {"kind": "city", "key": athens},
        "api_token": {"pk": make_token(("city", str(athens)), "Press office", "read", 90, by=person("athens"))[0].pk},
        "membership": {"uuid": "00000000-0000-4000-8000-000000000000"},
    }
    collection = Collection.objects.get(demo=True)
    guest = collection.invitations.get()
    found["collection"] = {"opaque_id": collection.opaque_id}
    found["collection_file"] = {"opaque_id": collection.opaque_id, "kind": "json"}
    found["collection_guest"] = {"opaque_id": collection.opaque_id, "pk": guest.pk}
    athens = collection.members.get(user=person("athens"))
    found["collection_member"] = {"opaque_id": collection.opaque_id, "pk": athens.pk}
    written = PracticeVersion.objects.get(state="draft").practice.slug
    found["record"] = {"slug": written}
    found["record_section"] = {"slug": written, "section": "pictures"}
    found["record_file"] = {"slug": written, "section": "pictures", "row": "7f3d0a0e-5a1f-4a3f-8c36-1f6b2a3c4d5e"}
    found["publication"] = {"opaque_id": publication_of(collection).opaque_id}
    found["publication_version"] = {**found["publication"], "number": 1}
    version = PracticeVersion.objects.get(state=VersionState.IN_REVIEW)
    found["version"] = {"slug": version.practice.slug, "number": version.number}
    found["review"] = {"pk": version.review_requests.get(reviewer=person("malmo")).pk}
    label = Label.objects.get(practice__slug="pharmacies-that-listen-thessaloniki")
    found["label"] = {"slug": label.practice.slug, "pk": label.pk}
    found["label_kind"] = {"slug": "gr-athens-accmr", "kind": label.kind.slug}
    question = EligibilityCriterion.objects.filter(round__number=100, round__published=True).first()
    found["fund_question"] = {**found["fund_round"], "pk": question.pk}
    found["fund_criterion"] = {**found["fund_round"], "pk": question.round.criteria.first().pk}
    found["form_section"] = {**found["fund_round"], "key": section}
    found["form_question"] = {**found["fund_round"], "key": application.form.sections[0]["fields"][0]["key"]}
    found["person"] = {**found["draft"], "pk": draft.members.get(user=person("stranger")).pk}
    found["guest"] = {**found["draft"], "pk": invited_to(draft).pk}
    remark = add_comment(draft, section, "Is this right?", by=person("stranger"), at=timezone.now())
    found["comment"] = {**found["draft"], "pk": remark.pk}
    found["fund_application"] = {
        "slug": application.round.fund.slug,
        "number": application.round.number,
        "opaque_id": application.opaque_id,
    }
    found["download"] = {"opaque_id": application.opaque_id, "uuid": attachment.uuid}
    return found
