"""Nothing typed is lost when the session ends in the middle of a form."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from network.frame import kept_post
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.models import Organisation, User
from tests.people.signing import PASSWORD, person, sign_in

PATH = "/en/desk/register-organisation/"
FORM = {
    "name": "Λυχνάρι <b>&amp;",
    "kind": "ngo",
    "country": "GR",
    "description": "\nfirst\r\nsecond  line\n",
    "scheme_0": "",
    "number_0": "",
}


def sign_in_again(client: Client, user: User):
    """Through the door, with what it knows of where to go; the page that comes then."""
    return client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD, "next": PATH}, follow=True)


def resend(client: Client, page) -> dict:
    """Press "Send it now" as a browser does."""
    text = page.content.decode()
    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', text, re.DOTALL)
    return {html.unescape(name): html.unescape(value) for name, value in fields}


def test_a_form_sent_by_a_signed_out_person_comes_back_after_sign_in_and_is_sent_with_one_press(db):
    user, client = person(), Client()
    answer = client.post(PATH, FORM)
    assert answer.url == f"/en/accounts/login/?next={PATH}"
    page = sign_in_again(client, user)
    assert "Your text is kept" in page.content.decode()
    again = resend(client, page)
    assert again == FORM
    assert client.post(PATH, again).status_code == 302
    assert Organisation.objects.get().name == "Λυχνάρι <b>&amp;"
    assert "Your text is kept" not in client.get(PATH).content.decode()


def test_it_can_be_thrown_away(db):
    user, client = person(), Client()
    client.post(PATH, FORM)
    sign_in_again(client, user)
    assert client.post(PATH, {"kept_post": "discard"}).url == PATH
    page = client.get(PATH)
    assert "Register an organisation" in page.content.decode()
    assert Organisation.objects.count() == 0


def test_secrets_and_files_are_not_kept(db, tmp_path):
    client = Client()
    file = tmp_path / "a.txt"
    file.write_text("never kept")
    with file.open() as handle:
        client.post(
            PATH,
            {
                **FORM,
                "password": "a secret",
                "oldpassword": "b",
                "csrfmiddlewaretoken": "t",
                "code": "123456",
                "file": handle,
            },
        )
    kept = client.session[kept_post.KEY][PATH]["fields"]
    assert {name for name, _values in kept} == set(FORM)


def test_repeated_values_and_the_query_are_kept(db):
    user, client = person(), Client()
    client.post(f"{PATH}?from=fund", {"name": "x", "kind": ["ngo", "charity"]})
    page = client.post(
        "/en/accounts/login/", {"login": user.email, "password": PASSWORD, "next": f"{PATH}?from=fund"}, follow=True
    )
    assert page.content.decode().count('name="kind"') == 2
    assert f'action="{PATH}?from=fund"' in page.content.decode()


@pytest.mark.parametrize(("size", "kept"), [(1024 * 1024 - 5000, True), (1024 * 1024 + 1, False)])
def test_at_most_a_megabyte_is_kept(db, size, kept):
    client = Client()
    assert client.post(PATH, {"description": "x" * size}).status_code == 302
    assert (kept_post.KEY in client.session) is kept


def test_at_most_three_forms_are_kept_the_newest(db):
    client = Client()
    for n in range(5):
        client.post(f"/en/desk/organisations/o{n}/edit/", {"name": "x"})
    assert [path[-7] for path in client.session[kept_post.KEY]] == ["2", "3", "4"]


def test_a_script_gets_a_status_and_keeps_its_text_itself(db):
    client = Client()
    assert client.post(PATH, FORM, headers={"x-csrftoken": "t"}).status_code == 401
    assert kept_post.KEY not in client.session


def test_another_site_can_not_plant_a_text(db):
    client = Client(enforce_csrf_checks=True)
    assert client.post(PATH, FORM).status_code == 403
    assert kept_post.KEY not in client.session


def test_a_session_of_staff_that_ran_out_keeps_the_form_for_that_person_only(db):
    user, other = person(), person("other@example.org", "Other")
    grant_role(user, RoleKind.REVIEWER, "10000000-0000-4000-8000-000000000000", by=None, reason="panel")
    client = sign_in(Client(), user)
    with travel(timezone.now() + timedelta(hours=4), tick=False):
        assert client.post(PATH, FORM).url == f"/en/accounts/login/?next={PATH}"
        assert client.session[kept_post.KEY][PATH]["user"] == user.pk
        page = sign_in_again(client, other)
    assert "Your text is kept" not in page.content.decode()
    assert "Λυχνάρι" not in page.content.decode()
    assert Organisation.objects.count() == 0


def test_the_admin_keeps_a_form_too(db):
    client = Client()
    assert client.post("/admin/people/user/add/", {"display_name": "x"}).url.startswith(
        "/en/accounts/login/?next=/admin/"
    )
    assert "/admin/people/user/add/" in client.session[kept_post.KEY]
