"""The job that makes publications: one at a time, taken up again, cancelled, tried again; files swept; a real worker."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from network.doors import DomainError
from practices.domain import publishing
from practices.domain.publications import (
    Order,
    cancel_publication,
    keep_publication,
    order_publication,
    order_version,
    retry_publication,
)
from practices.domain.publishing import make_publication, take_up
from practices.enums import MAKING, MakingState
from practices.models import Publication, PublicationVersion
from practices.queries.publications import plan_of
from tests.people.signing import person
from tests.practices import builders as build
from tests.practices.collecting import circle
from tests.practices.publishing import bytes_of, made, order, running, state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def refused(call, code: str = "denied") -> bool:
    try:
        call()
    except DomainError as error:
        return error.code == code
    return False


# --- ordering ------------------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_orders_once():
    by, practice = person(), build.practice(build.operator())
    key = uuid.uuid4()
    told = Order("Title", "en", "en", key=key)
    first = order_publication(told, plan_of([practice.pk]), by=by)
    assert order_publication(told, plan_of([practice.pk]), by=by) == first
    assert Publication.objects.count() == 1
    other = person("other@people.example")
    with pytest.raises(Exception, match="order_key"), transaction.atomic():
        order_publication(told, plan_of([practice.pk]), by=other)


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("title", "\u202e"), ("subtitle", "x" * 201), ("foreword", "w " * 1001), ("cover_note", "w " * 81), ("language", "xx"), ("words_language", ""), ("chapters", "x"), ("publisher", "city:1")],
)  # fmt: skip
def test_an_order_that_can_not_be_is_refused_and_leaves_nothing(field, value):
    by, practice = person(), build.practice(build.operator())
    told = {"title": "Title", "words_language": "en", "language": "en", field: value}
    code = {"words_language": "language"}.get(field, field)
    assert refused(lambda: order_publication(Order(**told), plan_of([practice.pk]), by=by), code)
    assert Publication.objects.count() == 0


def test_nothing_too_much_and_too_often_are_refused():
    by, practice = person(), build.practice(build.operator())
    told = Order("Title", "en", "en")
    assert refused(lambda: order_publication(told, [], by=by), "empty")
    assert refused(lambda: order_publication(told, plan_of(range(201)), by=by), "limit")
    for _n in range(3):
        order(practice, by=by)
    assert refused(lambda: order(practice, by=by), "limit")
    assert refused(lambda: order(practice, by=type(by).objects.create_user("new@people.example", verified=False)))


def test_only_officers_publish_in_the_name_of_their_city():
    from_city = build.city("north", en="North")
    officer, practice = person(), build.practice(build.operator(), of=from_city)
    key = f"city:{from_city.uuid}"
    assert refused(lambda: order(practice, by=officer, publisher=key), "publisher")
    officer.roles.create(kind="city_officer", scope_kind="city", scope_key=str(from_city.uuid))
    officer = type(officer).objects.get(pk=officer.pk)
    assert order(practice, by=officer, publisher=key).city == from_city


def test_each_role_may_what_it_may():
    practice = build.practice(build.operator())
    ring = circle(practice)
    version = made(by=ring.owner, collection=ring.collection)
    publication, told = version.publication, Order("Title", "en", "en")
    plan = plan_of([practice.pk])
    for user, may in (
        (ring.owner, True),
        (ring.editor, True),
        (build.operator(), True),
        (ring.viewer, False),
        (ring.stranger, False),
    ):
        for verb in (
            lambda by=user: order_version(publication, told, plan, by=by),
            lambda by=user: keep_publication(publication, True, by=by),
        ):
            assert refused(verb) is not may, user
        for verb, at in ((cancel_publication, "queued"), (retry_publication, "failed")):
            PublicationVersion.objects.filter(pk=version.pk).update(state=at)
            assert refused(lambda by=user, verb=verb: verb(version, by=by)) is not may, user
        PublicationVersion.objects.exclude(pk=version.pk).delete()
    assert refused(lambda: order(by=ring.stranger, collection=ring.collection))


def test_what_the_table_does_not_allow_is_refused():
    by, practice = person(), build.practice(build.operator())
    version = order(practice, by=by)
    for at in MakingState:
        more = (
            {"token": uuid.uuid4(), "lease_until": timezone.now()}
            if at == "running"
            else {"token": None, "lease_until": None}
        )
        files = {"file": "x", "content": "x", "sha256": "x"} if at == "ready" else {}
        PublicationVersion.objects.filter(pk=version.pk).update(state=at, **more, **files)
        assert refused(lambda: cancel_publication(version, by=by)) is ("cancel" not in MAKING[at])
        PublicationVersion.objects.filter(pk=version.pk).update(state=at, **more, **files)
        assert refused(lambda: retry_publication(version, by=by)) is ("retry" not in MAKING[at])


# --- making --------------------------------------------------------------------------------------------------------------------


def test_running_twice_makes_once():
    version = order(build.practice(build.operator()), by=person())
    assert make_publication(version.pk)
    version.refresh_from_db()
    before = (version.sha256, version.file.name)
    assert not make_publication(version.pk)
    version.refresh_from_db()
    assert (version.sha256, version.file.name) == before
    assert not make_publication(10**9)


@pytest.mark.django_db(transaction=True)
def test_one_is_made_at_a_time_and_the_next_is_woken():
    by, practice = person(), build.practice(build.operator())
    with transaction.atomic():
        first = running(order(practice, by=by))
    second, third = order(practice, by=by), order(practice, by=by)
    assert not make_publication(second.pk)
    assert [state(one) for one in (first, second, third)] == ["running", "queued", "queued"]
    PublicationVersion.objects.filter(pk=first.pk).update(state="cancelled")
    assert make_publication(second.pk)
    assert [state(one) for one in (second, third)] == ["ready", "ready"], "the second wakes the third"


def test_what_is_cancelled_in_the_middle_stops_and_leaves_no_file(monkeypatch):
    by = person()
    version = order(*(build.practice(build.operator()) for _n in range(6)), by=by)
    read = publishing.sheet_detail
    seen = []

    def cancelling(slug: str, code: str):
        seen.append(slug)
        if len(seen) == 2:
            cancel_publication(version, by=by)
        return read(slug, code)

    monkeypatch.setattr(publishing, "sheet_detail", cancelling)
    assert not make_publication(version.pk)
    assert state(version) == "cancelled"
    assert len(seen) == publishing.STEP
    assert not default_storage.exists("publications")
    retry_publication(version, by=by)
    monkeypatch.setattr(publishing, "sheet_detail", read)
    assert make_publication(version.pk)
    assert state(version) == "ready"


def test_what_was_taken_over_by_another_is_thrown_away(monkeypatch):
    version = order(build.practice(build.operator()), by=person())
    setting = publishing.publication_pdf

    def slow(*args):
        running(version)  # another worker's token
        return setting(*args)

    monkeypatch.setattr(publishing, "publication_pdf", slow)
    assert not make_publication(version.pk)
    assert state(version) == "running"
    assert version.file.name == ""
    assert not default_storage.exists("publications")


def test_a_lease_that_ran_out_is_taken_up_again_three_times_at_most():
    version = order(build.practice(build.operator()), by=person())
    running(version)
    assert take_up() == 0
    assert state(version) == "running"
    running(version, minutes=-1)
    assert take_up() == 1
    assert state(version) == "queued"
    running(version, minutes=-1, attempts=3)
    assert take_up() == 1
    assert (state(version), version.fault) == ("failed", "lost")


def test_the_minutes_run_wakes_what_lost_its_wake_up(django_capture_on_commit_callbacks):
    practice = build.practice(build.operator())
    version = order(practice, by=person())
    other = running(order(practice, by=person("b@people.example")))
    with django_capture_on_commit_callbacks(execute=True):
        take_up()
    assert state(version) == "queued", "something is being made"
    PublicationVersion.objects.filter(pk=other.pk).update(state="cancelled")
    with django_capture_on_commit_callbacks(execute=True):
        take_up()
    assert state(version) == "ready"


def test_where_the_pages_can_not_be_set_the_reason_is_told_and_it_can_be_tried_again(settings, tmp_path, caplog):
    by = person()
    version, there = order(build.practice(build.operator()), by=by), settings.BASE_DIR
    settings.BASE_DIR = tmp_path / "elsewhere"
    assert not make_publication(version.pk)
    assert (state(version), version.fault) == ("failed", "typesetting")
    assert "can't be set" in caplog.text
    settings.BASE_DIR = there
    retry_publication(version, by=by)
    assert (state(version), version.fault, version.attempts) == ("queued", "", 0)
    assert make_publication(version.pk)


def test_whatever_else_goes_wrong_is_told_and_logged(caplog):
    version = order(build.practice(build.operator()), by=person())
    PublicationVersion.objects.filter(pk=version.pk).update(plan=[{"title": "A plan without practices"}])
    assert not make_publication(version.pk)
    assert (state(version), version.fault) == ("failed", "error")
    assert "KeyError" in caplog.text


def test_progress_only_grows_and_ends_at_a_hundred(monkeypatch):
    version = order(*(build.practice(build.operator()) for _n in range(12)), by=person())
    told, step = [], publishing._step

    def counting(one, progress):
        told.append(progress)
        step(one, progress)

    monkeypatch.setattr(publishing, "_step", counting)
    assert make_publication(version.pk)
    assert told == sorted(told)
    assert len(set(told)) >= 4
    version.refresh_from_db()
    assert (version.progress, version.size, len(bytes_of(version))) == (100, version.size, version.size)
