"""Every kind of page, in English and Arabic: axe-core finds nothing at 1280 and 390 px, nothing scrolls sideways at 320."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grants.enums import State
from grants.messages import ROUND_CLOSES
from grants.models import Application
from network.mail.rules.links import stop_token
from practices.models import Adoption, Collection, Label, ReviewRequest
from tests.browser.judging import faults
from tests.permissions.cast import person, publication_of

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("code", ["en", "ar"])]
PUBLIC = (
    ("portal:home", {}),
    ("practices:list", {}),
    ("practices:detail", {"slug": "gr-athens-accmr"}),
    ("practices:contact", {"slug": "sprak-pa-skiftet-malmo"}),
    ("practices:themes", {}),
    ("practices:collections", {}),
    ("practices:theme", {"code": "housing"}),
    ("portal:cities", {}),
    ("portal:city", {"slug": "athens"}),
    ("membership:networks", {}),
    ("membership:network", {"slug": "cities-network-for-integration"}),
    ("grants:funds", {}),
    ("grants:fund", {"slug": "shared-endeavour-fund"}),
    ("grants:eligibility", {"slug": "shared-endeavour-fund"}),
    ("account_login", {}),
    ("cities:contact", {"slug": "athens"}),
    ("portal:about", {}),
    ("portal:accessibility", {}),
    ("gallery", {}),
)

INSIGHT = ("insight", "insight_translations", "insight_coverage")


def opened(reader, pages) -> Iterator[str]:
    """Open one page after the other; each is named."""
    for route, kwargs in pages:
        reader.open(route, **kwargs)
        yield route


def judged(reader, names: Iterator[str]) -> None:
    """No page, as it is opened, has a fault."""
    wrong = [f"{name}: {fault}" for name in names for fault in faults(reader.page)]
    assert not wrong, "\n".join(wrong)


def test_public_pages(reader, code):
    visitor = reader(code)

    def names() -> Iterator[str]:
        yield from opened(visitor, PUBLIC)
        visitor.page.goto(visitor.address("practices:list") + "?view=map")
        expect(visitor.page.locator("html")).to_have_attribute("data-map-ready", "1")
        yield "map of results"

    judged(visitor, names())


def test_forms_with_errors_and_a_page_that_is_not_there(reader, code):
    visitor = reader(code)
    visitor.expects("status of 4")

    def names() -> Iterator[str]:
        visitor.open("account_signup")
        visitor.press("Create the account")
        expect(visitor.page.locator(".error-summary")).to_be_focused()
        yield "sign-up with errors"
        visitor.open("grants:eligibility", slug="shared-endeavour-fund")
        visitor.press("See the result")
        yield "eligibility with errors"
        visitor.page.goto(visitor.address("portal:home") + "no-such-page/")
        visitor.sees_heading("This page does not exist")
        yield "404"

    judged(visitor, names())


def test_pages_of_an_applicant(reader, portal, code):
    applicant = reader(code)
    applicant.is_signed_in("applicant")
    sent = Application.objects.get(members__user=person("applicant"), state=State.SUBMITTED)
    house, application = {"slug": sent.organisation.slug}, {"opaque_id": sent.opaque_id}
    pages = (
        ("portal:desk", {}),
        ("people:organisation", house),
        ("people:members", house),
        ("people:profile", {}),
        ("mail:preferences", {}),
        ("mail:notices", {}),
        ("practices:searches", {}),
        ("practices:save_search", {}),
        ("mail:stop", {"token": stop_token(person("applicant").pk, ROUND_CLOSES.kind)}),
        ("grants:application", application),
        ("grants:receipt", application),
    )
    judged(applicant, opened(applicant, pages))


def test_pages_of_taking_a_practice_up(reader, portal, code):
    waiting = Adoption.objects.get(practice__slug="sprak-pa-skiftet-malmo", city__slug="athens")
    here = {"slug": waiting.practice.slug, "pk": waiting.pk}
    adopter, author = reader(code), reader(code)
    adopter.is_signed_in("athens")
    author.is_signed_in("malmo")
    adopter.expects("status of 400")

    def names() -> Iterator[str]:
        adopter.open("practices:adopt", slug="pharmacies-that-listen-thessaloniki")
        adopter.press("Record it")
        expect(adopter.page.locator(".error-summary")).to_be_focused()
        yield "taking up with errors"
        yield from opened(adopter, [("practices:adoption", here), ("practices:correct_adoption", here)])

    judged(adopter, names())
    judged(author, opened(author, [("practices:adoption", here), ("practices:detail", {"slug": here["slug"]})]))


def test_pages_of_what_people_put_together(reader, portal, code):
    """Bookmarks, a collection and a publication, as their owner sees them and as whoever has the link does."""
    collection = Collection.objects.get(demo=True)
    here, ready = {"opaque_id": collection.opaque_id}, {"opaque_id": publication_of(collection).opaque_id}
    owner, visitor = reader(code), reader(code)
    owner.is_signed_in("malmo")
    pages = (
        ("practices:bookmarks", {}),
        ("practices:own_collections", {}),
        ("practices:new_collection", {}),
        ("practices:collection", here),
        ("practices:collection_texts", here),
        ("practices:arrange_collection", here),
        ("practices:collection_sharing", here),
        ("practices:add_to_collection", {}),
        ("practices:own_publications", {}),
        ("practices:new_publication", {}),
        ("practices:publication", ready),
        ("practices:read_publication", {**ready, "number": 1}),
    )

    def names() -> Iterator[str]:
        yield from opened(owner, pages)
        owner.open("practices:new_publication")
        owner.press("Make it")
        expect(owner.page.locator(".error-summary")).to_be_focused()
        yield "a publication with errors"

    judged(owner, names())
    judged(visitor, opened(visitor, [("practices:collection", here), ("practices:publication", ready)]))


def test_pages_of_reviewers_and_of_those_who_decide(reader, portal, code):
    asked = ReviewRequest.objects.get(reviewer=person("malmo"))
    version = asked.version
    here, one = {"slug": version.practice.slug}, {"slug": version.practice.slug, "number": version.number}
    peer, decider = reader(code), reader(code)
    peer.is_signed_in("malmo")
    decider.is_signed_in("cni")
    for somebody in (peer, decider):
        somebody.expects("status of 400")

    def names() -> Iterator[str]:
        yield from opened(peer, [("practices:reviews", {}), ("practices:review", {"pk": asked.pk})])
        peer.press("Hand in the review")
        expect(peer.page.locator(".error-summary")).to_be_focused()
        yield "a review with errors"

    def decided() -> Iterator[str]:
        pages = [(f"practices:{page}", one) for page in ("version", "version_changes", "version_preview", "reviewers")]
        yield from opened(decider, [("practices:versions", {}), *pages, ("practices:history", here)])
        decider.open("practices:version", **one)
        decider.press("Publish this version")
        expect(decider.page.locator(".error-summary")).to_be_focused()
        yield "a decision without its reason"

    judged(peer, names())
    judged(decider, decided())


def test_pages_of_labels(reader, portal, code):
    label = Label.objects.get(practice__slug="pharmacies-that-listen-thessaloniki")
    # In its last months, when it can be renewed.
    Label.objects.filter(pk=label.pk).update(valid_until=timezone.localdate() + timedelta(days=60))
    here = {"slug": label.practice.slug}
    giver = reader(code)
    giver.is_signed_in("cni")
    giver.expects("status of 400")

    def names() -> Iterator[str]:
        # Several acts in one row: each leads to its own page.
        for act, heading in (("renew", "Renew the label"), ("withdraw", "Withdraw the label")):
            giver.open("practices:labels", **here)
            giver.page.locator(f'main a[href$="/labels/{label.pk}/{act}/"]').click()
            giver.sees_heading(heading)
            yield heading
        giver.press("Withdraw the label")
        expect(giver.page.locator(".error-summary")).to_be_focused()
        yield "a withdrawal without its reason"
        yield from opened(giver, [("practices:labels", here), ("practices:detail", here)])

    judged(giver, names())


def test_pages_of_a_draft(reader, portal, code):
    writer = reader(code)
    writer.is_signed_in("stranger")
    draft = Application.objects.get(members__user=person("stranger"), state=State.DRAFT)
    here = {"opaque_id": draft.opaque_id}
    writer.expects("status of 422")

    def names() -> Iterator[str]:
        writer.open("grants:application", **here)
        yield "task list"
        writer.page.goto(writer.address("grants:section", section="project", **here) + "?check=1")
        expect(writer.page.locator(".error-summary")).to_be_focused()
        yield "section with errors"
        writer.open("grants:file", field="supporting_file", **here)
        yield "file"
        writer.open("grants:check", **here)
        yield "check answers"
        writer.press("Send application")
        expect(writer.page.locator(".error-summary")).to_be_focused()
        yield "check answers after trying to send"

    judged(writer, names())


def test_pages_of_an_officer(reader, portal, code):
    """The desk and the work queue as an officer sees them; the rest of the admin is judged by `test_admin_looks`."""
    officer = reader(code)
    officer.is_signed_in("scn")
    officer.speaks_in_admin()

    def names() -> Iterator[str]:
        officer.open("portal:desk")
        yield "desk of an officer"
        yield from opened(officer, [(f"practices:{page}", {}) for page in INSIGHT])
        officer.page.goto(officer.url + "/admin/")
        expect(officer.page.locator("html")).to_have_attribute("lang", code)
        yield "work queue of an officer"

    judged(officer, names())
