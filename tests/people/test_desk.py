"""The desk, the profile, and what one may take along."""

import json

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from network.people import desk as registry
from network.people.desk import DeskItem, items, register_desk
from network.people.domain.accounts import open_account, update_profile
from network.people.domain.organisations import OrganisationData, register_organisation
from network.people.domain.roles import grant_role
from network.people.enums import OrganisationKind, RoleKind
from network.people.middleware import time_zone
from network.people.models import User
from network.people.queries.personal_data import own_data
from network.people.queries.zones import is_zone, usual_zone, zone_choices
from tests.people.signing import person, sign_in


@pytest.mark.parametrize("lang", ["en", "ar", "el", "it", "sv", "fa", "de"])
def test_an_empty_desk_says_in_every_section_what_belongs_there(db, lang):
    page = sign_in(Client(), person()).get(f"/{lang}/desk/").content.decode()
    assert page.count('class="section"') == 4
    assert page.count('<p class="soft">') == 4
    assert f"/{lang}/desk/register-organisation/" in page
    assert f'dir="{"rtl" if lang in {"ar", "fa"} else "ltr"}"' in page


def test_the_desk_shows_organisations_and_roles(db):
    user = person()
    register_organisation(user, OrganisationData("Lamp", OrganisationKind.NGO))
    grant_role(user, RoleKind.TRANSLATOR, "el", by=None, reason="x")
    page = sign_in(Client(), user).get("/en/desk/").content.decode()
    assert "/en/desk/organisations/lamp/" in page
    assert "Translator: Ελληνικά" in page


def test_a_visitor_is_led_to_sign_in(client, db):
    assert client.get("/ar/desk/").url == "/ar/accounts/login/?next=/ar/desk/"


def test_urgent_items_come_first_then_by_moment(monkeypatch, db):
    user = person()
    monkeypatch.setattr(registry, "_contributions", {"due": []} | {s: [] for s in ("waiting", "doing", "may")})
    later, sooner = user.created_at.replace(year=2030), user.created_at
    register_desk("due", lambda u: [DeskItem("none", "/"), DeskItem("later", "/", moment=later)])
    register_desk("due", lambda u: [DeskItem("sooner", "/", moment=sooner), DeskItem("urgent", "/", urgent=True)])
    assert [item.title for item in items("due", user)] == ["urgent", "sooner", "later", "none"]


def test_an_unknown_section_is_a_mistake_of_the_app():
    with pytest.raises(Exception, match="no section"):
        register_desk("someday", lambda user: [])


def test_the_profile_changes_name_language_and_zone(db):
    user = person()
    client = sign_in(Client(), user)
    assert client.get("/en/desk/profile/").status_code == 200
    answer = client.post(
        "/en/desk/profile/",
        {
            "display_name": "Nour\r\nH",
            "preferred_language": "ar",
            "time_zone": "Asia/Beirut",
            "email": "x@y.org",
            "is_staff": "1",
        },
    )
    assert answer.status_code == 302
    user = User.objects.get()
    assert (user.display_name, user.preferred_language, user.time_zone) == ("Nour H", "ar", "Asia/Beirut")
    assert (user.email, user.is_staff) == ("nour@example.org", False)


def test_nobody_changes_the_profile_of_another(db):
    with pytest.raises(Exception, match="own profile"):
        update_profile(
            person(), by=person("b@example.org", "B"), display_name="x", preferred_language="en", time_zone="UTC"
        )


def test_a_moment_is_told_in_the_zone_of_the_person(db):
    user = open_account(email="a@example.org", display_name="A", time_zone="Asia/Tokyo")
    seen = []
    for cookies in ({}, {"sessionid": "x"}):
        request = RequestFactory().get("/")
        request.COOKIES, request.user = cookies, user
        time_zone(lambda r: seen.append(timezone.get_current_timezone_name()))(request)
    assert seen == ["UTC", "Asia/Tokyo"]
    assert timezone.get_current_timezone_name() == "UTC"


def test_zones_are_named_in_the_readers_language_and_guessed_by_it():
    assert len(zone_choices()) > 300
    assert dict(zone_choices())["Europe/Athens"] == "Greece: Athens"
    assert usual_zone() == "Europe/London"
    assert is_zone("UTC")
    assert not is_zone("Europe/../etc")


def test_the_export_holds_what_is_kept_and_no_secret(db):
    user = person()
    register_organisation(user, OrganisationData("Lamp", OrganisationKind.NGO))
    grant_role(user, RoleKind.TRANSLATOR, "el", by=None, reason="speaks Greek")
    client = Client()
    client.post("/en/accounts/login/", {"login": user.email, "password": "a lamp in every window"})
    answer = client.get("/en/desk/profile/export/")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"] == "private, no-store"
    data = json.loads(answer.content)
    assert data["account"]["email"] == user.email
    assert data["organisations"][0]["role"] == "owner"
    assert data["roles"][0]["reason"] == "speaks Greek"
    assert data["sessions"]
    assert User.objects.get().password not in answer.content.decode()
    assert set(own_data(user)) == set(data)
