"""Each guard bites: without these tests a guard that stopped working would go unnoticed."""

import pytest
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import path

from network.membership.models import Membership
from network.middleware import WriteDuringRead, read_guard
from tests import guards
from tests.guards import MissingToken, UndefinedVariable

FORM = '<form method="post">{}<input name="x"></form>'
urlpatterns = [
    path("unguarded/", lambda request: HttpResponse(FORM.format(""))),
    path(
        "guarded/",
        lambda request: HttpResponse(FORM.format('<input type="hidden" name="csrfmiddlewaretoken" value="t">')),
    ),
]


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A template of ours with the given source."""
    monkeypatch.setattr(guards, "OURS", str(tmp_path))
    monkeypatch.setattr(engines["django"].engine.template_loaders[0].loaders[0], "dirs", [tmp_path], raising=False)

    def make(source: str):
        (tmp_path / "page.html").write_text(source)
        engines["django"].engine.template_loaders[0].reset()
        return get_template("page.html")

    return make


def test_an_undefined_variable_fails(page):
    with pytest.raises(UndefinedVariable):
        page("{{ nobody.knows }}").render({})


def test_an_undefined_variable_with_a_default_renders_it(page):
    assert page('{{ nobody|default:"known" }}').render({}) == "known"


def test_a_form_without_a_token_fails(client, settings, db):
    settings.ROOT_URLCONF = "tests.test_guards"
    with pytest.raises(MissingToken):
        client.get("/unguarded/")
    assert client.get("/guarded/").status_code == 200


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_write_during_a_safe_request_fails(db, method):
    def view(request):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_user SET display_name = ''")
        return HttpResponse()

    with pytest.raises(WriteDuringRead):
        read_guard(view)(getattr(RequestFactory(), method)("/"))
    assert read_guard(view)(RequestFactory().post("/")).status_code == 200


def test_an_unordered_list_page_fails(db):
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(Membership.objects.order_by(), 10).page(1)
