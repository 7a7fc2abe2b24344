"""Versions of a record: written beside the public page, submitted whole, published over it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from network.doors import DomainError
from network.sections import StaleSection
from practices.domain import (
    Incomplete,
    NewRecord,
    ResultFields,
    add_lesson,
    add_result,
    archive_practice,
    ask_revision,
    discard_version,
    edit_practice,
    publish_practice,
    publish_version,
    save_section,
    set_texts,
    start_practice,
    start_version,
    submit_version,
    take_back_version,
)
from practices.domain.practices import PracticeFacts
from practices.enums import VERSIONS, State, VersionState
from practices.models import Lesson, Practice, PracticeVersion, Result, SearchEntry, VersionSection
from practices.queries.preview import preview
from practices.queries.snapshot import snapshot
from practices.rules.sections import SECTIONS
from tests.practices import builders as build
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
ALONE = "No peers in this network yet."
WHOLE = {
    "about": {"title": "Bridges", "running": "running", "started_on": "9 2019", "settings_count": "2"},
    "classification": {"themes": ["peace"]},
    "summary": {"summary": "What it is."},
    "story": {name: f"The {name}." for name in ("challenge", "goals", "actions", "participation")},
    "results": {"rows": [{"indicator": "Trust", "unit": "per cent", "baseline": "31", "value": "58,5"}]},
    "lessons": {"rows": [{"kind": "failed", "text": "Posters."}]},
    "resources": {"total_cost": "12 500", "currency": "EUR", "price_year": "2024"},
}


@pytest.fixture
def city():
    return build.city("malmo")


@pytest.fixture
def officer(city):
    return build.officer(city)


def write(version, said, by):
    """Save these sections over what stands there."""
    for key, typed in said.items():
        row = VersionSection.objects.get(version=version, section=key)
        save_section(version, key, {**row.data, **typed}, revision=row.revision, by=by, at=timezone.now())


def ready(city, by):
    """A version with everything that submitting asks for."""
    build.theme("peace", build.operator())
    version = start_practice(NewRecord(city, "sv", "Broar"), by=by)
    write(version, WHOLE, by)
    return version


def test_what_a_city_wrote_is_public_once_it_is_decided_and_not_before(city, officer, client):
    operator = build.operator()
    version = ready(city, officer)
    slug = version.practice.slug
    assert client.get(f"/en/practices/{slug}/").status_code == 404
    submit_version(version, by=officer, note="First.")
    practice = publish_version(version, by=operator, decision="Welcome.", unreviewed_because=ALONE)
    practice.refresh_from_db()
    assert (practice.state, practice.title_sv, practice.started_precision) == (State.PUBLISHED, "Bridges", "month")
    assert (practice.total_cost, practice.currency) == (Decimal(12500), "EUR")
    assert practice.verified_on == timezone.localdate()
    assert practice.review_due_on == practice.verified_on + datetime.timedelta(days=365)
    assert [(row.indicator_sv, row.value) for row in practice.results.all()] == [("Trust", Decimal("58.5"))]
    assert SearchEntry.objects.filter(practice=practice, language="sv").count() == 1
    page = client.get(f"/en/practices/{slug}/").content.decode()
    for text in ("Posters.", "The challenge.", "€12,500"):
        assert text in page
    version.refresh_from_db()
    assert (version.state, version.decision, version.note) == ("published", "Welcome.", "First.")


def test_a_version_that_lacks_something_is_not_submitted_and_says_all_of_it(city, officer):
    version = start_practice(NewRecord(city, "sv", "Broar"), by=officer)
    with pytest.raises(Incomplete) as refusal:
        submit_version(version, by=officer)
    named = {(fault.section, fault.field) for fault in refusal.value.faults}
    assert {("summary", "summary"), ("story", "goals"), ("classification", "themes")} <= named
    assert ("about", "title") not in named
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT


def test_the_public_page_stays_as_it_is_while_the_next_version_is_written(city, officer, client):
    practice = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city)
    version = start_version(practice, by=officer)
    write(version, {"about": {"title": "Nya broar"}}, officer)
    assert "Nya broar" not in client.get(f"/sv/practices/{practice.slug}/").content.decode()
    assert preview(version, "sv").title == "Nya broar"
    assert Practice.objects.get(pk=practice.pk).title_sv == "Broar"


def test_what_was_public_before_is_kept_as_a_version_once(city, officer):
    practice = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city)
    first = start_version(practice, by=officer)
    discard_version(first, by=officer)
    second = start_version(practice, by=officer)
    states = list(PracticeVersion.objects.filter(practice=practice).order_by("number").values_list("state", flat=True))
    assert states == ["published", "discarded", "draft"]
    assert second.number == 3


def test_rows_keep_their_translations_through_a_version(city, officer):
    operator = build.operator()
    build.theme("peace", operator)
    practice = build.practice(operator, {"sv": build.version("Broar")}, of=city, themes=["peace"])
    kept = add_lesson(practice, {"sv": "Börja tidigt.", "en": "Begin early."}, by=operator)
    add_lesson(practice, {"sv": "Affischer.", "en": "Posters."}, by=operator)
    version = start_version(practice, by=officer)
    rows = VersionSection.objects.get(version=version, section="lessons").data["rows"]
    changed = [{**rows[0], "text": "Börja i tid."}, {"kind": "worked", "text": "Ny."}]
    write(version, {"lessons": {"rows": changed}, "about": {"started_on": "2020"}}, officer)
    submit_version(version, by=officer)
    publish_version(version, by=operator, unreviewed_because=ALONE)
    found = list(Lesson.objects.filter(practice=practice).order_by("position"))
    assert [(row.text_sv, row.text_en) for row in found] == [("Börja i tid.", "Begin early."), ("Ny.", None)]
    assert found[0].pk == kept.pk


def test_a_snapshot_read_back_is_the_record_as_it_was(city):
    operator = build.operator()
    build.theme("peace", operator)
    practice = build.practice(
        operator, {"sv": build.version("Broar")}, of=city, themes=["peace"], started_on=build.LONG_AGO
    )
    add_result(practice, ResultFields({"sv": "Tillit"}, Decimal(2), Decimal(1)), by=operator)
    said = snapshot(practice)
    version = start_version(practice, by=operator)
    submit_version(version, by=operator)
    publish_version(version, by=operator, unreviewed_because=ALONE)
    assert snapshot(Practice.objects.get(pk=practice.pk)) == said
    assert set(said) == {section.key for section in SECTIONS}
    assert Result.objects.get(practice=practice).value == 2


def test_nobody_overwrites_unseen(city, officer):
    other = build.officer(city, "Omar")
    version = start_practice(NewRecord(city, "sv", "Broar"), by=officer)
    now = timezone.now()
    save_section(version, "summary", {"summary": "Hers"}, revision=1, by=officer, at=now)
    with pytest.raises(StaleSection) as conflict:
        save_section(version, "summary", {"summary": "His"}, revision=1, by=other, at=now)
    assert conflict.value.theirs.data == {"summary": "Hers"}
    assert conflict.value.by_name == "Åsa"
    same = save_section(version, "summary", {"summary": "Hers"}, revision=1, by=other, at=now)
    assert same.revision == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told_and_of_two_who_begin_there_is_one_version(city, officer):
    practice = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city)
    begun = in_threads(2, lambda n: start_version(practice, by=officer))
    assert begun[0] == begun[1]
    results = in_threads(
        2,
        lambda n: save_section(begun[0], "summary", {"summary": f"{n}"}, revision=1, by=officer, at=timezone.now()),
    )
    assert sum(isinstance(one, StaleSection) for one in results) == 1
    assert VersionSection.objects.get(version=begun[0], section="summary").revision == 2


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"summary": "x" * 100_001}, "too_long"),
        ({"rows": [{"text": "a"}] * 21}, "rows"),
    ],
)
def test_what_is_beyond_a_person_is_not_kept(city, officer, typed, code):
    version = start_practice(NewRecord(city, "sv", "Broar"), by=officer)
    key = "lessons" if "rows" in typed else "summary"
    with pytest.raises(DomainError) as refusal:
        save_section(version, key, typed, revision=1, by=officer, at=timezone.now())
    assert refusal.value.code == code


def test_strangers_and_writers_do_not_do_what_is_not_theirs(city, officer):
    version = ready(city, officer)
    stranger = build.person()
    for act in (submit_version, discard_version, take_back_version):
        with pytest.raises(DomainError):
            act(version, by=stranger)
    with pytest.raises(DomainError):
        save_section(version, "summary", {}, revision=2, by=stranger, at=timezone.now())
    submit_version(version, by=officer)
    for decide in (
        lambda: publish_version(version, by=officer, unreviewed_because=ALONE),
        lambda: ask_revision(version, by=officer, reason="x"),
    ):
        with pytest.raises(DomainError) as refusal:
            decide()
        assert refusal.value.code == "denied"
    assert PracticeVersion.objects.get(pk=version.pk).state == VersionState.SUBMITTED


def test_a_submitted_version_is_taken_back_or_sent_back_before_it_is_changed(city, officer):
    operator = build.operator()
    version = submit_version(ready(city, officer), by=officer)
    with pytest.raises(DomainError):
        save_section(version, "summary", {"summary": "Late"}, revision=2, by=officer, at=timezone.now())
    take_back_version(version, by=officer)
    write(version, {"summary": {"summary": "Later"}}, officer)
    submit_version(version, by=officer)
    with pytest.raises(DomainError) as refusal:
        ask_revision(version, by=operator, reason="  ")
    assert refusal.value.code == "reason"
    ask_revision(version, by=operator, reason="Say how many came.")
    write(version, {"summary": {"summary": "Forty came."}}, officer)
    assert submit_version(version, by=officer).state == VersionState.SUBMITTED


def test_the_table_says_everything_that_can_be_done(city, officer):
    version = ready(city, officer)
    operator = build.operator()
    acts = {
        "submit": lambda: submit_version(version, by=operator),
        "take_back": lambda: take_back_version(version, by=operator),
        "ask_revision": lambda: ask_revision(version, by=operator, reason="More."),
        "publish": lambda: publish_version(version, by=operator, unreviewed_because=ALONE),
        "discard": lambda: discard_version(version, by=operator),
    }
    for state in VersionState:
        moment = timezone.now() if state == VersionState.PUBLISHED else None
        for verb, act in acts.items():
            PracticeVersion.objects.filter(pk=version.pk).update(state=state, published_at=moment)
            if verb in VERSIONS[state]:
                act()
                assert PracticeVersion.objects.get(pk=version.pk).state == VERSIONS[state][verb]
            else:
                with pytest.raises(DomainError):
                    act()


def test_staff_do_not_write_the_original_under_the_writers_hands(city, officer):
    operator = build.operator()
    practice = build.practice(operator, {"sv": build.version("Broar")}, of=city)
    start_version(practice, by=officer)
    refused = (
        lambda: set_texts(practice, "sv", {"title": "X"}, by=operator),
        lambda: edit_practice(practice, PracticeFacts(), by=operator),
        lambda: add_lesson(practice, {"sv": "X"}, by=operator),
        lambda: add_result(practice, ResultFields({"sv": "X"}, Decimal(1)), by=operator),
    )
    for act in refused:
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "version"
    assert set_texts(practice, "en", {"title": "Bridges"}, by=operator).title_en == "Bridges"


def test_a_draft_on_its_way_is_not_published_around_its_version(city, officer):
    version = ready(city, officer)
    with pytest.raises(DomainError) as refusal:
        publish_practice(version.practice, by=build.operator())
    assert refusal.value.code == "version"


def test_nothing_is_begun_or_written_in_the_archive(city, officer):
    practice = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city)
    version = start_version(practice, by=officer)
    archive_practice(practice, by=officer, reason="Old.")
    with pytest.raises(DomainError):
        save_section(version, "summary", {}, revision=1, by=officer, at=timezone.now())
    with pytest.raises(DomainError):
        start_version(practice, by=officer)


def test_a_file_that_is_gone_keeps_a_version_from_being_submitted(city, officer):
    version = ready(city, officer)
    picture = {"file": "7f3d0a0e-5a1f-4a3f-8c36-1f6b2a3c4d5e", "alt": "A bridge", "credit": "City of Malmö"}
    write(version, {"pictures": {"rows": [picture]}}, officer)
    with pytest.raises(DomainError) as refusal:
        submit_version(version, by=officer)
    assert refusal.value.code.startswith("file:")


def test_a_preview_leaves_out_what_is_wrong_so_far(city, officer):
    version = start_practice(NewRecord(city, "sv", "Broar"), by=officer)
    rows = {"rows": [{"indicator": "Trust", "value": "many"}, {"indicator": "Joy", "value": "3"}]}
    write(version, {"results": rows, "about": {"started_on": "soon"}, "resources": {"total_cost": "x"}}, officer)
    found = preview(version, "en")
    assert [row.indicator.text for row in found.parts.results] == ["Joy"]
    assert found.practice.started_on is None
    assert found.practice.total_cost is None
    assert "Summary" in {text.capitalize() for text in found.missing}
