"""Documents of an organisation: checked when they come in, read by few, swept when removed."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from network.doors import DomainError
from network.people.domain.documents import MOST, add_document, remove_document, scan_document, sweep_documents
from network.people.domain.organisations import OrganisationData, add_member, register_organisation
from network.people.domain.roles import grant_role
from network.people.enums import MemberRole, OrganisationKind, RoleKind
from network.people.models import OrganisationDocument
from network.people.queries.personal_data import own_data
from network.scanner import EICAR, Scan
from tests.people.signing import person, sign_in

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def owner(db):
    return person("owner@lamp.example")


@pytest.fixture
def organisation(owner):
    return register_organisation(owner, OrganisationData("Lamp", OrganisationKind.NGO))


def pdf(name="statutes.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_a_document_is_kept_under_a_name_that_says_nothing(organisation, owner):
    document = add_document(organisation, "statutes", pdf("../\u202egnp.pdf"), by=owner)
    assert document.file.name.startswith("organisations/")
    assert "gnp" not in document.file.name
    assert (document.name, document.mime, document.scan) == ("gnp.pdf", "application/pdf", Scan.CLEAN)


@pytest.mark.parametrize(
    ("kind", "file", "code"),
    [
        ("novel", pdf(), "kind"),
        ("statutes", pdf("page.html", b"<script>"), "file"),
        ("statutes", pdf("picture.svg", b"<svg/>"), "file"),
        ("statutes", pdf("statutes.pdf", b"<html>"), "file"),
    ],
)
def test_what_may_not_come_in_leaves_nothing(organisation, owner, kind, file, code):
    with pytest.raises(DomainError) as refused:
        add_document(organisation, kind, file, by=owner)
    assert refused.value.code == code
    assert not OrganisationDocument.objects.exists()


def test_viewers_and_strangers_add_and_remove_nothing(organisation, owner):
    viewer = person("viewer@lamp.example")
    add_member(organisation, viewer, MemberRole.VIEWER)
    document = add_document(organisation, "statutes", pdf(), by=owner)
    for by in (viewer, person("stranger@example.org")):
        for act in (
            lambda by=by: add_document(organisation, "statutes", pdf(), by=by),
            lambda by=by: remove_document(document, by=by),
        ):
            with pytest.raises(DomainError) as refused:
                act()
            assert refused.value.code == "denied"


def test_there_is_an_end_to_it(organisation, owner):
    OrganisationDocument.objects.bulk_create(
        OrganisationDocument(organisation=organisation, kind="other", file=f"organisations/x/{n}", name="x.pdf", size=1)
        for n in range(MOST)
    )
    with pytest.raises(DomainError) as refused:
        add_document(organisation, "other", pdf(), by=owner)
    assert refused.value.code == "limit"


def test_members_and_staff_download_and_nobody_else(organisation, owner, client):
    document = add_document(organisation, "statutes", pdf("Stadgar för Ljus.pdf"), by=owner)
    address = f"/en/desk/organisations/{organisation.slug}/documents/{document.uuid}/"
    operator = person("operator@example.org")
    grant_role(operator, RoleKind.OPERATOR, by=None, reason="x")
    auditor = person("auditor@example.org")
    grant_role(auditor, RoleKind.AUDITOR, by=None, reason="x")
    viewer = person("viewer@lamp.example")
    add_member(organisation, viewer, MemberRole.VIEWER)
    for user in (owner, viewer, operator, auditor):
        answer = sign_in(client, user).get(address)
        assert answer.status_code == 200, user
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
    assert sign_in(client, person("stranger@example.org")).get(address).status_code == 404


def test_an_infected_one_is_given_to_nobody(organisation, owner, client, monkeypatch):
    document = add_document(organisation, "statutes", pdf(), by=owner)
    OrganisationDocument.objects.filter(pk=document.pk).update(scan=Scan.INFECTED)
    address = f"/en/desk/organisations/{organisation.slug}/documents/{document.uuid}/"
    browser = sign_in(client, owner)
    assert browser.get(address).status_code == 409
    assert address not in browser.get(f"/en/desk/organisations/{organisation.slug}/").content.decode().replace(
        f"{address}remove/", ""
    )


def test_what_could_not_be_checked_is_checked_by_the_sweep(own_media, organisation, owner):
    document = add_document(organisation, "statutes", pdf(content=PDF + EICAR), by=owner)
    long_ago = timezone.now() - timedelta(hours=1)
    OrganisationDocument.objects.filter(pk=document.pk).update(scan=Scan.PENDING, uploaded_at=long_ago)
    sweep_documents()
    document.refresh_from_db()
    assert document.scan == Scan.CLEAN  # no scanner is configured here
    assert scan_document(document.pk) is None


def test_a_removed_one_goes_a_day_later_with_its_file(
    own_media, organisation, owner, django_capture_on_commit_callbacks
):
    document = add_document(organisation, "statutes", pdf(), by=owner)
    name = document.file.name
    remove_document(document, by=owner)
    assert sweep_documents() == 0
    assert default_storage.exists(name)
    OrganisationDocument.objects.update(removed_at=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_documents() == 1
    assert not default_storage.exists(name)
    assert not OrganisationDocument.objects.exists()


def test_the_pages_add_and_remove(organisation, owner, client):
    browser = sign_in(client, owner)
    base = f"/en/desk/organisations/{organisation.slug}/"
    assert browser.get(f"{base}documents/add/").status_code == 200
    refused = browser.post(f"{base}documents/add/", {"kind": "", "file": pdf("a.svg", b"<svg/>")})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["kind"]
    refused = browser.post(f"{base}documents/add/", {"kind": "board", "file": pdf("a.svg", b"<svg/>")})
    assert list(refused.context["form"].errors) == ["file"]
    assert browser.post(f"{base}documents/add/", {"kind": "board", "file": pdf()}).url == base
    document = OrganisationDocument.objects.get()
    assert "statutes.pdf" in browser.get(base).content.decode()
    remove = f"{base}documents/{document.uuid}/remove/"
    assert "statutes.pdf" in browser.get(remove).content.decode()
    browser.post(remove)
    assert "statutes.pdf" not in browser.get(base).content.decode()


def test_who_added_one_finds_it_in_their_data(organisation, owner):
    add_document(organisation, "statutes", pdf(), by=owner)
    told = own_data(owner)["organisation_documents"]
    assert [(row["organisation"], row["name"]) for row in told] == [("lamp", "statutes.pdf")]
    assert own_data(person("other@example.org"))["organisation_documents"] == []
