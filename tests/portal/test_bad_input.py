"""Whatever is sent, the answer is a clear page or a field's error: never a 500, never something half written."""

import pytest
from django.test import Client

from tests.people.signing import person, sign_in

LISTS = ("/en/", "/ar/practices/", "/en/cities/", "/en/networks/", "/en/funds/", "/en/map/cities.json")
QUERIES = (
    "q=%00", "q=%ff%fe", "q=" + "a" * 10_000, "page=0", "page=-1", "page=99999999999999999999", "page=abc", "q=%E2%80%AE%E2%80%8F", "q=%27%22%3Cscript%3E",
    "q=%28%29%26%7C%21%3A%2A", "theme=no-such&country=XX&maturity=none", "as_of=2026-02-30", "as_of=%D9%A2%D9%A0", "sort=;drop", "text=zz", "text=en&text=ar", "%FF=1",
)  # fmt: skip
SLUGS = (
    "no-such",
    "δεν-υπάρχει",
    "غير-موجود",
    "a" * 3000,
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "%FF%FE",
    "<script>",
    "x\u202ey",
)


@pytest.mark.parametrize("address", LISTS)
def test_odd_parameters_never_break_a_list(client, db, address):
    answers = {query[:40]: client.get(f"{address}?{query}").status_code for query in QUERIES}
    assert set(answers.values()) <= {200, 301, 302, 400, 404}, answers
    assert answers["q=%00"] == 400


@pytest.mark.parametrize("room", ["practices", "cities", "networks", "funds"])
def test_an_unknown_name_in_any_script_is_a_page_that_helps(client, db, room):
    answers = {slug[:30]: client.get(f"/ar/{room}/{slug}/") for slug in SLUGS}
    assert {answer.status_code for answer in answers.values()} <= {400, 404}
    page = answers["غير-موجود"].content.decode()
    assert 'dir="rtl"' in page
    assert "<h1" in page


@pytest.mark.parametrize("address", ["/xx/", "/xx/practices/", "/en-us/", "/EN/", "/ελ/"])
def test_an_unknown_language_is_not_found(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize("address", ["/en/accounts/login/", "/en/accounts/signup/", "/en/accounts/password/reset/"])
@pytest.mark.parametrize(
    "typed",
    ["\x00", "a\r\nBcc: all@example.org", "x" * 200_000, "\u202e\u2066", "<img src=x onerror=alert(1)>"],
    ids=["null", "line", "long", "bidi", "markup"],
)
def test_odd_text_in_a_form_is_refused_on_the_page(client, db, address, typed):
    fields = ("login", "email", "password", "password1", "display_name", "time_zone", "preferred_language")
    answer = client.post(address, dict.fromkeys(fields, typed))
    assert answer.status_code in {200, 400}
    assert "<img src=x" not in answer.content.decode()


def test_ten_megabytes_of_text_are_refused_before_anything_is_read(client, db):
    form = "application/x-www-form-urlencoded"
    answer = sign_in(client, person()).post("/en/desk/register-organisation/", "name=" + "x" * 10_000_000, form)
    assert answer.status_code == 413
    assert "<h1" in answer.content.decode()


def test_a_form_without_its_token_says_what_to_do(db):

    answer = Client(enforce_csrf_checks=True).post("/ar/accounts/login/", {"login": "a@example.org"})
    assert answer.status_code == 403
    assert 'dir="rtl"' in answer.content.decode()
