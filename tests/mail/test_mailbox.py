"""Development's mailbox: readable by a newcomer, harmless, and not there anywhere else."""

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core.mail import EmailMultiAlternatives
from django.urls import NoReverseMatch, include, path, reverse

from network.mail.gateways import mailbox as gateway
from network.portal import routes, urls as portal_urls
from network.portal.views import mailbox

PAGES = [
    path("desk/mailbox/", mailbox.mailbox, name="mailbox"),
    path("desk/mailbox/<str:name>/", mailbox.mail, name="mail"),
]
urlpatterns = [
    *i18n_patterns(path("", include(([*PAGES, *routes.urlpatterns], "portal")))),
    *portal_urls.urlpatterns,
]
EVIL = (
    '<html><head><title>t</title><style>p{color:red}</style></head><body onload="x()"><p style="color:red">Hi '
    '<a href="javascript:alert(1)">bad</a> <a href="http://127.0.0.1:8000/en/x/">good</a>'
    '<img src="http://evil.example/p.gif"><script>alert(1)</script></p></body></html>'
)


@pytest.fixture
def box(settings, tmp_path):
    settings.KOINE_MAILBOX_DIR, settings.KOINE_DEVELOPMENT = tmp_path, True
    return gateway.MailboxBackend()


def deliver(box, subject: str = "Confirm") -> str:
    message = EmailMultiAlternatives(subject, "See http://127.0.0.1:8000/en/x/ <b>", to=["Nour <nour@example.org>"])
    message.attach_alternative(EVIL, "text/html")
    assert box.send_messages([message]) == 1
    return gateway.newest()[0].name


def test_nothing_is_routed_outside_development(client, db):
    assert client.get("/en/desk/mailbox/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("portal:mailbox")


@pytest.mark.urls(__name__)
def test_it_stays_closed_even_where_somebody_routed_it(client, db, settings):
    settings.KOINE_DEVELOPMENT = False
    assert client.get("/en/desk/mailbox/").status_code == 404
    assert client.get("/en/desk/mailbox/20260101-000000-000000-0/").status_code == 404


def test_newest_mails_come_first_and_a_name_opens_one(box):
    first, second = deliver(box, "First"), deliver(box, "Second")
    assert [mail.subject for mail in gateway.newest()] == ["Second", "First"]
    assert gateway.one(first).subject == "First"
    assert first != second


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "20260101-000000-000000-0", "x.eml", "٢٠٢٦٠١٠١-000000-000000-0"]
)
def test_a_made_up_name_opens_nothing(box, name):
    assert gateway.one(name) is None


def test_the_page_of_a_mail_keeps_its_links_and_nothing_that_acts():
    fragment = mailbox.body_of(EVIL)
    assert 'href="http://127.0.0.1:8000/en/x/"' in fragment
    for forbidden in ("javascript:", "<script", "<img", "<style", "style=", "onload", "alert", "color:red", "<title"):
        assert forbidden not in fragment
    assert mailbox.body_of("") == ""
    assert mailbox.body_of("no html & more") == "no html &amp; more"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_both_pages_are_shown_without_signing_in(client, box, db, language):
    empty = client.get(f"/{language}/desk/mailbox/").content.decode()
    assert f"/{language}/accounts/signup/" in empty
    name = deliver(box, "Confirm نور")
    listed = client.get(f"/{language}/desk/mailbox/").content.decode()
    assert f"/{language}/desk/mailbox/{name}/" in listed
    page = client.get(f"/{language}/desk/mailbox/{name}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count('href="http://127.0.0.1:8000/en/x/"') == 2
    assert "javascript:" not in text
    assert client.get(f"/{language}/desk/mailbox/20260101-000000-000000-0/").status_code == 404
