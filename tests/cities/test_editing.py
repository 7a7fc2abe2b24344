"""An officer of a city keeps its page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cities.queries.desk import my_cities
from tests import places
from tests.cities.test_verbs import png

pytestmark = pytest.mark.django_db
PAGE = "/en/cities/athens/edit/"
TYPED = {"profile": "A harbour town.", "website": "https://athens.example", "population": "٦٤٣٬٠٠٠", "population_year": "2021", "population_source": "Census", "version": "1"}  # fmt: skip


@pytest.fixture
def athens():
    return places.athens(profile={"el": "Μια πόλη."})


@pytest.fixture
def officer(client, athens):
    user = places.officer_of_city(athens)
    client.force_login(user)
    return user


def test_visitors_are_led_to_sign_in_and_strangers_are_told_why(client, athens):
    assert "login" in client.get(PAGE)["Location"]
    client.force_login(places.person())
    response = client.get(PAGE)
    assert response.status_code == 403
    assert "Only officers of this city" in response.content.decode()


def test_the_page_is_written_in_the_readers_language_and_the_others_stay(client, athens, officer):
    assert client.post(PAGE, TYPED).status_code == 302
    athens.refresh_from_db()
    assert (athens.profile_en, athens.profile_el) == ("A harbour town.", "Μια πόλη.")
    assert (athens.population, athens.website, athens.version) == (643000, "https://athens.example", 2)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"population": "many"}, 400, "Enter a whole number."),
        ({"website": "athens"}, 400, "https:// in front"),
        ({"version": "0"}, 409, "Somebody changed this city"),
        ({"version": ""}, 400, "There is a problem"),
        ({"profile": "x" * 20_001}, 400, "longer than 20,000"),
    ],
)
def test_a_refused_change_keeps_what_was_typed(client, athens, officer, change, status, words):
    response = client.post(PAGE, {**TYPED, **change})
    html = response.content.decode()
    assert (response.status_code, words in html, "Census" in html) == (status, True, True)
    athens.refresh_from_db()
    assert athens.version == 1


def test_only_those_who_may_edit_are_led_to_it(client, athens):
    link = f'href="{PAGE}"'
    assert link not in client.get("/en/cities/athens/").content.decode()
    client.force_login(places.person())
    assert link not in client.get("/en/cities/athens/").content.decode()
    client.force_login(places.officer_of_city(athens))
    assert link in client.get("/en/cities/athens/").content.decode()
    assert client.get(PAGE).status_code == 200


def test_contacts_and_pictures_come_and_go(client, athens, officer):
    client.post(
        f"{PAGE}contacts/",
        {"contact-name": "Desk", "contact-kind": "general", "contact-email": "d@a.example", "contact-public": "on"},
    )
    contact = athens.contacts.get()
    assert "Desk" in client.get("/en/cities/athens/").content.decode()
    file = SimpleUploadedFile("../../evil.html", png(3, 3), "text/html")
    about = {"picture-kind": "photo", "picture-alt": "Harbour", "picture-credit": "A. Person", "picture-caption": ""}
    assert client.post(f"{PAGE}pictures/", {**about, "picture-file": file}).status_code == 302
    image = athens.images.get()
    assert image.file.name.endswith(".png")
    assert "evil" not in image.file.name
    wrong = client.post(f"{PAGE}pictures/", {**about, "picture-file": SimpleUploadedFile("a.png", b"<svg/>")})
    assert "PNG, JPEG or WebP" in wrong.content.decode()
    client.post(f"{PAGE}contacts/{contact.pk}/remove/")
    client.post(f"{PAGE}pictures/{image.pk}/remove/")
    assert not athens.contacts.exists()
    assert not athens.images.exists()


def test_strangers_take_nothing_away(client, athens, officer):
    client.post(f"{PAGE}contacts/", {"contact-name": "Desk", "contact-kind": "general"})
    contact = athens.contacts.get()
    client.force_login(places.person())
    assert client.post(f"{PAGE}contacts/{contact.pk}/remove/").status_code == 403
    assert client.post(f"/en/cities/malmo/edit/contacts/{contact.pk}/remove/").status_code == 404
    assert athens.contacts.exists()


def test_the_desk_says_what_the_page_lacks(athens, officer):

    (item,) = my_cities(officer)
    assert item.url == PAGE
    assert "a contact" in str(item.note)
    assert "a profile" not in str(item.note)
