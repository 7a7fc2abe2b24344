"""Every list, form and history of the admin opens, in English and Arabic, and shows words only."""

import html
import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from network.portal.domain.downloads import note_download
from practices.domain import start_version
from practices.enums import VersionState
from practices.models import PracticeVersion
from tests.admin import things

pytestmark = pytest.mark.django_db
TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)
ODD = re.compile(r"\{|\b[a-z]+_[a-z_]+\b|\bNone\b|[0-9a-f]{8}-[0-9a-f]{4}-")


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def words(response) -> str:
    """The text of a page as a person sees it."""
    return html.unescape(TAG.sub(" ", response.content.decode()))


ADDED = {"membership", "network", "city", "practice", "concept", "fund", "round", "reminderrule", "label", "labelkind"}


def pages_of(model_admin):
    """The addresses of a list, its form of adding, and one record's form and history."""
    model = model_admin.model
    yield address(model, "changelist")
    if model._meta.model_name in ADDED:
        yield address(model, "add")
    first = model._default_manager.order_by("pk").first()
    assert first is not None, f"no {model.__name__} to look at"
    yield address(model, "change", first.pk)
    yield address(model, "history", first.pk)


@pytest.fixture
def everything(lamp, harbour, contact, auditor, operator, client):
    """At least one row of each registered table."""
    note_download(type(lamp.city), by=operator, filters="", rows=3, form="csv")
    things.sent_application(lamp.round)
    things.mail()
    things.rule(days_before=7, at_local="09:00")
    things.bounced()
    things.ended_pause(operator)
    things.theme(operator)
    things.label(lamp.practice, lamp.network)
    start_version(lamp.practice, by=operator)
    PracticeVersion.objects.update(state=VersionState.SUBMITTED, submitted_at=timezone.now())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_opens_and_shows_words(everything, operator, enter, settings, language):
    browser = enter(operator)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    swept = 0
    for model_admin in admin.site._registry.values():
        for url in pages_of(model_admin):
            response = browser.get(url)
            assert response.status_code == 200, url
            text = words(response)
            assert not ODD.search(text), (
                url,
                ODD.search(text),
                text[max(0, ODD.search(text).start() - 80) : ODD.search(text).end() + 40],
            )
            assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in response.content.decode()
            swept += 1
    assert swept == 70
