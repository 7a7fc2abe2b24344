"""What a city's officers find on their desk, and how a draft becomes public."""

from __future__ import annotations

import pytest
from django.test import Client

from network.people.desk import items
from network.people.enums import RoleKind, ScopeKind
from network.people.models import Role
from practices.models import Practice
from tests.people.signing import sign_in
from tests.practices import builders as build

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def officer():
    """An officer of Malmö, and the city."""
    city = build.city("malmo", sv="Malmö")
    user = build.person("Officer")
    Role.objects.create(user=user, kind=RoleKind.CITY_OFFICER, scope_kind=ScopeKind.CITY, scope_key=str(city.uuid))
    return user, city


def test_the_desk_shows_drafts_and_public_practices_of_ones_own_cities_only(officer):
    user, city = officer
    by = build.operator()
    draft = build.practice(by, {"sv": build.version("Utkast")}, of=city, published=False)
    public = build.practice(by, {"sv": build.version("Lekplats")}, of=city)
    build.practice(by, published=False)
    assert [item.url for item in items("doing", user)] == [f"/en/practices/{draft.slug}/draft/"]
    assert [item.url for item in items("may", user) if item.url.startswith("/en/practices/")] == [
        "/en/practices/new/",
        f"/en/practices/{public.slug}/",
    ]
    assert items("doing", build.person()) == []


def test_an_officer_reads_the_draft_and_those_who_decide_publish_it(officer):
    user, city = officer
    draft = build.practice(build.operator(), {"sv": build.version("Utkast")}, of=city, published=False)
    client, decider = signed_in(user), sign_in(Client(), build.operator())
    page = client.get(f"/en/practices/{draft.slug}/draft/").content.decode()
    assert "Only those who write for this city see this page." in page
    assert f'href="/en/practices/{draft.slug}/record/"' in page
    assert "Publish this practice" not in page
    assert client.post(f"/en/practices/{draft.slug}/publish/").status_code == 403
    assert "Publish this practice" in decider.get(f"/en/practices/{draft.slug}/draft/").content.decode()
    assert decider.get(f"/en/practices/{draft.slug}/publish/").status_code == 405
    answer = decider.post(f"/en/practices/{draft.slug}/publish/", follow=True)
    assert answer.redirect_chain == [(f"/en/practices/{draft.slug}/", 302)]
    assert "The practice is published" in answer.content.decode()
    assert client.get(f"/en/practices/{draft.slug}/draft/").status_code == 302
    assert Client().get(f"/en/practices/{draft.slug}/").status_code == 200


def test_an_unfinished_draft_says_what_it_lacks_and_stays_a_draft(officer):
    _user, city = officer
    texts = {"sv": {**build.version("Utkast"), "goals": "", "actions": ""}}
    draft = build.practice(build.operator(), texts, of=city, published=False)
    decider = sign_in(Client(), build.operator())
    page = decider.get(f"/en/practices/{draft.slug}/draft/").content.decode()
    assert "Before it can be published it needs, in Swedish: <bdi>Goals</bdi>, <bdi>What was done</bdi>." in page
    assert "Publish this practice" not in page
    answer = decider.post(f"/en/practices/{draft.slug}/publish/", follow=True)
    assert "every section in its original language" in answer.content.decode()
    assert Practice.objects.get(pk=draft.pk).state == "draft"


@pytest.mark.parametrize("address", ["draft", "publish"])
def test_a_draft_is_not_there_for_anybody_else(officer, address):
    _user, city = officer
    draft = build.practice(build.operator(), of=city, published=False)
    path = f"/en/practices/{draft.slug}/{address}/"
    assert Client().post(path).status_code == 302
    for stranger in (build.person(),):
        assert signed_in(stranger).post(path).status_code == 404
    assert Practice.objects.get(pk=draft.pk).state == "draft"
