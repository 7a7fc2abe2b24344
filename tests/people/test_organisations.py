"""Organisations: registered by people with a confirmed address, changed without overwriting, never without an owner."""

import threading

import pytest
from django.db import connection
from django.utils import translation

from network.doors import DomainError
from network.people.domain.organisations import (
    OrganisationData,
    Stale,
    add_member,
    change_member_role,
    register_organisation,
    remove_member,
    update_organisation,
)
from network.people.domain.roles import grant_role
from network.people.enums import IdentifierScheme, MemberRole, OrganisationKind, RoleKind
from network.people.models import Organisation, OrganisationIdentifier, OrganisationMember, User
from network.people.rules.organisations import can_edit_organisation, can_manage_members, can_see_organisation
from tests.people.signing import person, sign_in

DATA = OrganisationData(
    "Lamp in Every Window",
    OrganisationKind.NGO,
    "GR",
    "https://lamp.example",
    "We teach.",
    ((IdentifierScheme.GR_GEMI, "00123"),),
)


@pytest.fixture
def owner(db):
    return person("owner@example.org", "Owner")


@pytest.fixture
def organisation(owner):
    return register_organisation(owner, DATA)


def test_who_registers_owns(owner, organisation):
    member = OrganisationMember.objects.get(organisation=organisation)
    assert (member.user, member.role) == (owner, MemberRole.OWNER)
    assert organisation.slug == "lamp-in-every-window"
    assert [str(row) for row in organisation.identifiers.all()] == ["GR-GEMI-00123"]


def test_an_unconfirmed_address_registers_nothing(db):
    newcomer = User.objects.create_user("new@example.org", "x", verified=False, display_name="New")
    with pytest.raises(DomainError) as refused:
        register_organisation(newcomer, DATA)
    assert refused.value.code == "denied"
    assert Organisation.objects.count() == 0


def test_the_name_is_kept_in_the_language_it_was_written_in(owner):
    with translation.override("el"):
        organisation = register_organisation(owner, OrganisationData("Λυχνάρι", OrganisationKind.NGO))
    organisation = Organisation.objects.get(pk=organisation.pk)
    assert (organisation.name_el, organisation.name_en) == ("Λυχνάρι", None)
    assert organisation.slug == "lychnari"
    with translation.override("sv"):
        assert organisation.name == "Λυχνάρι"


def test_slugs_do_not_collide(owner, organisation):
    again = register_organisation(owner, OrganisationData(DATA.name, OrganisationKind.NGO))
    assert again.slug == "lamp-in-every-window-2"


def test_a_register_number_belongs_to_one_organisation(owner, organisation):
    with pytest.raises(DomainError) as refused:
        register_organisation(owner, DATA)
    assert refused.value.code == "number_taken"
    assert Organisation.objects.count() == OrganisationIdentifier.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " \u200b "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"kind": "cult"}, "kind"),
        ({"country": "Greece"}, "country"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"identifiers": (("NO-SUCH", "1"),)}, "number"),
        ({"identifiers": ((IdentifierScheme.OTHER, " "),)}, "number"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_half_written(owner, change, code):
    with pytest.raises(DomainError) as refused:
        register_organisation(owner, OrganisationData(**{**DATA.__dict__, **change}))
    assert refused.value.code == code
    assert Organisation.objects.count() == OrganisationMember.objects.count() == 0


def test_line_breaks_and_bidi_overrides_in_a_name_are_harmless(owner):
    organisation = register_organisation(
        owner, OrganisationData("A\r\nBcc: b@evil.example\u2028\u202eC", OrganisationKind.NGO)
    )
    assert organisation.name == "A Bcc: b@evil.example C"


def test_a_second_save_of_an_old_version_is_refused_with_the_present_record(owner, organisation):
    update_organisation(organisation, OrganisationData("First", OrganisationKind.NGO), by=owner, version=1)
    with pytest.raises(Stale) as refused:
        update_organisation(organisation, OrganisationData("Second", OrganisationKind.NGO), by=owner, version=1)
    assert refused.value.current.name == "First"
    assert Organisation.objects.get(pk=organisation.pk).version == 2


def test_viewers_read_editors_write_owners_manage(owner, organisation):
    editor, viewer, stranger = (person(f"{who}@example.org", who) for who in ("editor", "viewer", "stranger"))
    add_member(organisation, editor, MemberRole.EDITOR)
    add_member(organisation, viewer, MemberRole.VIEWER)
    operator = person("operator@example.org", "Operator")
    grant_role(operator, RoleKind.OPERATOR, by=None, reason="x")
    table = {owner: (1, 1, 1), editor: (1, 1, 0), viewer: (1, 0, 0), stranger: (0, 0, 0), operator: (1, 1, 1)}
    for user, allowed in table.items():
        rules = (can_see_organisation, can_edit_organisation, can_manage_members)
        assert tuple(int(bool(rule(user, organisation))) for rule in rules) == allowed, user
        if user != operator:
            assert Organisation.objects.visible_to(user).filter(pk=organisation.pk).exists() == bool(allowed[0])


def test_the_last_owner_neither_leaves_nor_steps_down(owner, organisation):
    member = OrganisationMember.objects.get(user=owner)
    for act in (
        lambda: remove_member(member, by=owner),
        lambda: change_member_role(member, MemberRole.VIEWER, by=owner),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "last_owner"
    other = add_member(organisation, person("b@example.org", "B"), MemberRole.EDITOR)
    change_member_role(other, MemberRole.OWNER, by=owner)
    remove_member(member, by=owner)
    assert [row.user.email for row in organisation.memberships.all()] == ["b@example.org"]


def test_members_leave_by_themselves_but_remove_nobody(owner, organisation):
    viewer = person("viewer@example.org", "Viewer")
    mine = add_member(organisation, viewer, MemberRole.VIEWER)
    with pytest.raises(DomainError):
        remove_member(OrganisationMember.objects.get(user=owner), by=viewer)
    remove_member(mine, by=viewer)
    assert not OrganisationMember.objects.filter(user=viewer).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_the_same_moment_one_stays():
    first, second = person("a@example.org", "A"), person("b@example.org", "B")
    organisation = register_organisation(first, DATA)
    add_member(organisation, second, MemberRole.OWNER)
    start, outcomes = threading.Barrier(2), []

    def leave(user: User) -> None:
        try:
            member = OrganisationMember.objects.get(user=user)
            start.wait(timeout=10)
            remove_member(member, by=user)
            outcomes.append("left")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(user,)) for user in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["last_owner", "left"]
    assert OrganisationMember.objects.filter(role=MemberRole.OWNER).count() == 1


# --- the pages ---------------------------------------------------------------------------------------------------------


def test_a_person_registers_changes_and_sees_an_organisation(client, owner):
    sign_in(client, owner)
    page = client.get("/en/desk/register-organisation/")
    assert page.status_code == 200
    answer = client.post(
        "/en/desk/register-organisation/",
        {"name": "Lamp", "kind": "ngo", "country": "GR", "scheme_0": "GR-GEMI", "number_0": "00123"},
    )
    assert answer.url == "/en/desk/organisations/lamp/"
    assert "Lamp" in client.get(answer.url).content.decode()
    edited = {
        "name": "Lamps",
        "kind": "ngo",
        "country": "GR",
        "scheme_0": "GR-GEMI",
        "number_0": "00123",
        "version": "1",
    }
    client.post("/en/desk/organisations/lamp/edit/", edited)
    stale = client.post("/en/desk/organisations/lamp/edit/", {**edited, "name": "Mine"})
    text = stale.content.decode()
    assert "What the other person saved:" in text
    assert 'name="version" value="2"' in text
    assert 'value="Mine"' in text
    assert Organisation.objects.get().name == "Lamps"


def test_a_form_with_errors_says_what_to_do_and_keeps_what_was_typed(client, owner):
    sign_in(client, owner)
    answer = client.post("/en/desk/register-organisation/", {"name": "Lamp", "number_0": "12", "website": "no address"})
    text = answer.content.decode()
    assert "<title>Error: " in text
    for sentence in (
        "Choose what kind of organisation it is.",
        "Choose the register of this number.",
        "There is a problem",
    ):
        assert sentence in text
    assert 'value="Lamp"' in text
    assert Organisation.objects.count() == 0


def test_a_number_that_is_taken_is_an_error_beside_the_number(client, organisation):
    sign_in(client, person("other@example.org", "Other"))
    answer = client.post(
        "/en/desk/register-organisation/",
        {"name": "Copy", "kind": "ngo", "country": "GR", "scheme_0": "GR-GEMI", "number_0": "00123"},
    )
    assert 'href="#id_number_0"' in answer.content.decode()


def test_another_organisation_does_not_exist_for_strangers(client, organisation):
    sign_in(client, person("stranger@example.org", "Stranger"))
    for part in ("", "edit/", "members/"):
        assert client.get(f"/en/desk/organisations/{organisation.slug}/{part}").status_code == 404
    member = OrganisationMember.objects.get()
    assert client.post(f"/en/desk/organisations/{organisation.slug}/members/{member.pk}/remove/").status_code == 404


def test_a_viewer_sees_members_without_addresses_and_changes_nothing(client, organisation, owner):
    viewer = person("viewer@example.org", "Viewer")
    add_member(organisation, viewer, MemberRole.VIEWER)
    sign_in(client, viewer)
    page = client.get(f"/en/desk/organisations/{organisation.slug}/members/").content.decode()
    assert "Owner" in page
    assert owner.email not in page
    assert client.get(f"/en/desk/organisations/{organisation.slug}/edit/").status_code == 403
    assert (
        client.post(
            f"/en/desk/organisations/{organisation.slug}/members/invite/", {"email": "x@example.org", "role": "owner"}
        ).status_code
        == 403
    )


def test_an_owner_changes_a_role_and_removes_a_member(client, organisation, owner):
    member = add_member(organisation, person("viewer@example.org", "Viewer"), MemberRole.VIEWER)
    sign_in(client, owner)
    base = f"/en/desk/organisations/{organisation.slug}/members/{member.pk}"
    client.post(f"{base}/role/", {f"m{member.pk}-role": "editor"})
    assert OrganisationMember.objects.get(pk=member.pk).role == MemberRole.EDITOR
    assert client.get(f"{base}/remove/").status_code == 200
    assert OrganisationMember.objects.filter(pk=member.pk).exists()
    client.post(f"{base}/remove/")
    assert not OrganisationMember.objects.filter(pk=member.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_members_page_costs_the_same_for_one_and_for_three(
    client, organisation, owner, count, django_assert_num_queries
):
    for number in range(count - 1):
        add_member(organisation, person(f"m{number}@example.org", f"M {number}"), MemberRole.VIEWER)
    sign_in(client, owner)
    with django_assert_num_queries(9):
        client.get(f"/en/desk/organisations/{organisation.slug}/members/")
