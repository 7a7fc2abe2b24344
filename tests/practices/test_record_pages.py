"""The pages on which a record is written: tasks, sections, rows, two people at once, and nothing that is lost."""

from __future__ import annotations

import uuid
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from practices.domain import NewRecord, archive_practice, save_section, start_practice, start_version, submit_version
from practices.models import Practice, PracticeVersion, VersionSection
from practices.rules.sections import SECTIONS
from tests.frame.test_markup import clipboard
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.test_versions import ready, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return build.city("malmo", sv="Malmö")


@pytest.fixture
def officer(city):
    return build.officer(city)


@pytest.fixture
def browser(officer):
    return sign_in(Client(), officer)


@pytest.fixture
def version(city, officer):
    return start_practice(NewRecord(city, "sv", "Broar"), by=officer)


def at(version, section="", *more) -> str:
    """The record's page, or one of a section's."""
    base = f"/en/practices/{version.practice.slug}/record/"
    return base + (f"sections/{section}/" + "".join(f"{one}/" for one in more) if section else "")


def stored(version, section):
    return VersionSection.objects.get(version=version, section=section)


def post(browser, version, section, said=(), rows=(), **more):
    """Press a button of a section's form, with this written in its fields and rows."""
    data = {f"f-{key}": value for key, value in dict(said).items()}
    data["row"] = [row["key"] for row in rows]
    data |= {f"r-{row['key']}-{key}": value for row in rows for key, value in row.items() if key != "key"}
    return browser.post(at(version, section), {"revision": stored(version, section).revision, **data, **more})


def lesson(text, kind="worked"):
    return {"key": str(uuid.uuid4()), "kind": kind, "text": text}


def texts(version):
    return [row["text"] for row in stored(version, "lessons").data["rows"]]


# --- beginning --------------------------------------------------------------------------------------------------------


def test_an_officer_of_one_city_begins_a_practice_in_the_language_they_choose(browser, officer, city):
    page = browser.get("/en/practices/new/").content.decode()
    assert "<bdi>Malmö</bdi>" not in page
    assert "<bdi>Malmo</bdi>" in page
    begun = browser.post("/en/practices/new/", {"city": "malmo", "language": "ar", "title": "جسور"}, follow=True)
    practice = Practice.objects.get()
    assert [unquote(url) for url, _status in begun.redirect_chain] == [f"/en/practices/{practice.slug}/record/"]
    assert (practice.city, practice.original_language, practice.title_ar) == (city, "ar", "جسور")
    assert "The record is begun" in begun.content.decode()


def test_officers_of_two_cities_choose_and_others_are_told_who_writes(officer, browser):
    athens = build.city("athens", country="GR")
    grant_role(officer, RoleKind.CITY_OFFICER, athens.uuid, reason="Named.", by=build.operator())
    page = browser.get("/en/practices/new/?city=athens").content.decode()
    assert '<option value="athens" selected>' in page
    refused = browser.post("/en/practices/new/", {"city": "rome", "language": "sv", "title": ""})
    assert refused.context["form"].errors.keys() == {"city", "title"}
    stranger = sign_in(Client(), build.person())
    assert "written by the officers of a city" in stranger.get("/en/practices/new/").content.decode()
    assert stranger.post("/en/practices/new/", {"city": "athens", "language": "sv", "title": "X"}).status_code == 200
    assert not Practice.objects.exists()


def test_a_new_version_of_a_public_practice_is_begun_once_from_its_record(browser, city):
    practice = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city)
    before = browser.get(f"/en/practices/{practice.slug}/record/").content.decode()
    assert "Write a new version" in before
    for _again in range(2):
        assert browser.post(f"/en/practices/{practice.slug}/record/new-version/").status_code == 302
    assert practice.record_versions.filter(state="draft").count() == 1
    assert "Write a new version" not in browser.get(f"/en/practices/{practice.slug}/record/").content.decode()


# --- the list of tasks ------------------------------------------------------------------------------------------------


def test_the_tasks_say_how_far_each_section_is(browser, version, officer):
    write(version, {"summary": {"summary": "word " * 101}, "story": {"challenge": "Cold."}}, officer)
    write(version, {"lessons": {"rows": [lesson("Begin early.")]}}, officer)
    page = browser.get(at(version)).context["page"]
    states = {section.key: task["state"] for section, task in zip(SECTIONS, page.tasks, strict=True)}
    assert states["summary"] == "error"
    assert states["story"] == states["about"] == "started"
    assert states["lessons"] == "done"
    assert states["classification"] == states["pictures"] == "todo"
    assert page.writers == [officer.display_name]


def test_who_else_writes_is_told_on_the_list_and_in_the_section(browser, version, city):
    write(version, {"summary": {"summary": "His"}}, build.officer(city, "Omar"))
    for address in (at(version), at(version, "summary")):
        assert "Omar is writing here now." in browser.get(address).content.decode()
    assert "is writing here now" not in browser.get(at(version, "story")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same_with_one_row_and_with_three(
    browser, version, officer, rows, django_assert_num_queries
):
    write(version, {"lessons": {"rows": [lesson(f"{n}") for n in range(rows)]}}, officer)
    browser.get(at(version))
    with django_assert_num_queries(7):
        browser.get(at(version))
    with django_assert_num_queries(7):
        browser.get(at(version, "lessons"))


# --- sections ---------------------------------------------------------------------------------------------------------


def test_a_section_is_saved_without_scripts_and_leads_on(browser, version):
    saved = post(browser, version, "summary", {"summary": "What it is."})
    assert saved.url == at(version, "story")
    left = post(browser, version, "story", {"challenge": "Cold."}, act="leave")
    assert left.url == at(version)
    page = browser.get(at(version, "story")).content.decode()
    assert "Cold." in page
    assert "Saved at" in page
    assert stored(version, "story").data["challenge"] == "Cold."


def test_what_is_wrong_is_saved_and_marked_and_what_is_missing_only_when_asked(browser, version):
    wrong = post(browser, version, "about", {"title": "T", "started_on": "31 2 2027", "running": "running"})
    assert wrong.url == at(version, "about")
    page = browser.get(wrong.url).content.decode()
    assert 'href="#id_f-started_on"' in page
    assert "Answer “Title”" not in page
    post(browser, version, "about", {"title": ""})
    page = browser.get(at(version, "about") + "?check=1").content.decode()
    assert "Answer “Title”" in page


def test_concepts_are_ticked_and_the_filter_keeps_what_is_chosen(browser, version):
    operator = build.operator()
    for code, label in (("housing", "Housing"), ("sport", "Sport"), ("old", "Old")):
        build.theme(code, operator, sv=f"{label} på svenska")
    found = post(browser, version, "classification", {"themes": ["sport"]}, act="find", find="housing", found="")
    assert found.url == at(version, "classification") + "?find=housing#find"
    page = browser.get(found.url).content.decode()
    assert 'value="housing">' in page
    assert 'value="sport" checked>' in page
    assert 'value="old"' not in page
    pressed_return = post(browser, version, "classification", {"themes": ["sport"]}, find="svenska", found="housing")
    assert "find=svenska" in pressed_return.url
    assert 'value="old"' in browser.get(pressed_return.url).content.decode()
    post(browser, version, "classification", {"themes": ["sport", "housing"]}, find="", found="")
    assert stored(version, "classification").data["themes"] == ["sport", "housing"]


def test_a_concept_that_is_no_longer_known_stays_until_it_is_taken_out(browser, version, officer):
    write(version, {"classification": {"themes": ["gone-long-ago"]}}, officer)
    page = browser.get(at(version, "classification")).content.decode()
    assert "Chosen earlier" in page
    assert 'value="gone-long-ago" checked>' in page


@pytest.mark.parametrize("section", [section.key for section in SECTIONS])
def test_every_section_opens_with_nothing_in_it(browser, version, section):
    VersionSection.objects.filter(version=version).update(data={})
    assert browser.get(at(version, section)).status_code == 200
    assert browser.get(at(version)).status_code == 200


# --- rows -------------------------------------------------------------------------------------------------------------


def test_rows_are_added_moved_removed_and_brought_back_by_buttons(browser, version):
    one, two = lesson("One"), lesson("Two")
    added = post(browser, version, "lessons", rows=[one, two], act="add")
    assert added.url.endswith("?new=" + stored(version, "lessons").data["rows"][2]["key"])
    assert browser.get(added.url).content.decode().count(" autofocus") == 2
    moved = post(browser, version, "lessons", rows=[one, two], act=f"up:{two['key']}")
    assert texts(version) == ["Two", "One"]
    assert f'value="up:{two["key"]}"' not in browser.get(moved.url).content.decode()
    post(browser, version, "lessons", rows=[two, one], act=f"down:{one['key']}")
    assert texts(version) == ["Two", "One"]
    removed = post(browser, version, "lessons", rows=[two, one], act=f"remove:{two['key']}")
    assert texts(version) == ["One"]
    page = browser.get(removed.url).content.decode()
    assert "Lesson 1 is removed." in page
    assert "Bring back what you removed" in page
    post(browser, version, "lessons", rows=[{**one, "text": "One, changed"}], act="undo")
    assert texts(version) == ["Two", "One, changed"]
    assert "Bring back what you removed" not in browser.get(at(version, "lessons")).content.decode()


def test_rows_in_which_nothing_is_written_are_not_kept(browser, version):
    post(browser, version, "lessons", rows=[lesson(""), lesson("One"), lesson("  ")])
    assert texts(version) == ["One"]


def test_above_the_limit_of_rows_the_text_is_given_back(browser, version):
    refused = post(browser, version, "lessons", rows=[lesson(f"Lesson no. {n}") for n in range(21)])
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "takes at most 20 rows" in page
    assert "Lesson no. 20" in page
    assert texts(version) == []


def test_a_row_is_added_only_while_there_is_room(browser, version, officer):
    write(version, {"lessons": {"rows": [lesson(f"{n}") for n in range(20)]}}, officer)
    page = browser.get(at(version, "lessons")).content.decode()
    assert "No more can be added: 20 is the most." in page
    assert 'value="add"' not in page


# --- two at once ------------------------------------------------------------------------------------------------------


def test_two_texts_of_a_section_are_brought_to_a_choice(browser, version, city):
    omar = build.officer(city, "Omar")
    write(version, {"story": {"challenge": "His challenge", "goals": "His goals"}}, omar)
    mine = {"challenge": "My challenge", "goals": "My goals"}
    conflict = post(browser, version, "story", mine, revision=1)
    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert all(text in page for text in ("Omar changed this section", "His challenge", "My goals"))
    chosen = {"resolve": "1", "keep-f-challenge": "theirs", "keep-f-goals": "mine"}
    assert post(browser, version, "story", mine, **chosen).status_code == 302
    data = stored(version, "story").data
    assert (data["challenge"], data["goals"]) == ("His challenge", "My goals")


def test_rows_of_two_people_are_brought_to_a_choice_and_none_is_lost(browser, version, officer, city):
    both, his, mine = lesson("Both"), lesson("His"), lesson("Mine")
    write(version, {"lessons": {"rows": [both]}}, officer)
    read = stored(version, "lessons").revision
    write(version, {"lessons": {"rows": [{**both, "text": "Both, said he"}, his]}}, build.officer(city, "Omar"))
    rows = [mine, {**both, "text": "Both, said she"}]
    conflict = post(browser, version, "lessons", rows=rows, revision=read)
    page = conflict.content.decode()
    assert all(text in page for text in ("said he", "said she", "His", "Mine"))
    assert post(browser, version, "lessons", rows=rows, resolve="1").status_code == 302
    assert texts(version) == ["Mine", "Both, said she", "His"]
    write(version, {"lessons": {"rows": [both, his]}}, officer)
    chosen = {"resolve": "1", f"keep-row-{mine['key']}": "theirs", f"keep-row-{both['key']}": "theirs"}
    post(browser, version, "lessons", rows=rows, **chosen)
    assert texts(version) == ["Both", "His"]


def test_another_order_alone_is_a_choice_too(browser, version, officer):
    one, two = lesson("One"), lesson("Two")
    write(version, {"lessons": {"rows": [two, one]}}, officer)
    conflict = post(browser, version, "lessons", rows=[one, two], revision=1)
    assert "<legend>Order</legend>" in conflict.content.decode()
    post(browser, version, "lessons", rows=[one, two], resolve="1", **{"keep-order": "theirs"})
    assert texts(version) == ["Two", "One"]


# --- saving while people write ----------------------------------------------------------------------------------------


def autosave(browser, version, section, revision, **said):
    address = f"/en/practices/{version.practice.slug}/record/autosave/"
    return browser.post(address, {"section": section, "revision": revision, **said})


def test_autosave_answers_with_the_new_revision_and_a_stale_text_with_both(browser, version, officer):
    saved = autosave(browser, version, "summary", 1, **{"f-summary": "One"})
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    stale = autosave(browser, version, "summary", 1, **{"f-summary": "Two"})
    body = stale.json()
    assert (stale.status_code, body["revision"], body["theirs"]["f-summary"], body["by"]) == (409, 2, ["One"], "Åsa")
    assert (body["texts"]["mine"], body["reload"]) == ("Summary: Two", False)


@pytest.mark.parametrize(("section", "revision", "status"), [("nowhere", 1, 422), ("summary", "x", 409)])
def test_autosave_of_nonsense_changes_nothing(browser, version, officer, section, revision, status):
    write(version, {"summary": {"summary": "Kept"}}, officer)
    assert autosave(browser, version, section, revision, **{"f-summary": "x"}).status_code == status
    assert stored(version, "summary").data == {"summary": "Kept"}


def test_too_long_a_text_is_refused_kindly_and_given_back(browser, version):
    long = "x" * 100_001
    answer = autosave(browser, version, "summary", 1, **{"f-summary": long})
    assert answer.status_code == 422
    assert "Shorten it" in answer.json()["message"]
    page = post(browser, version, "summary", {"summary": long})
    assert page.status_code == 409
    assert long in page.content.decode()
    assert stored(version, "summary").revision == 1


def test_ten_megabytes_without_scripts_are_refused_and_every_word_stands_on_the_page(browser, version):
    """The form is sent in parts, which are read up to what the server in front lets through."""
    assert 'enctype="multipart/form-data"' in browser.get(at(version, "summary")).content.decode()
    long = "mycket längre än tillåtet. " * 370_000 + "slutord"
    page = post(browser, version, "summary", {"summary": long})
    assert (page.status_code, len(long) > 9_990_000) == (409, True)
    assert "This text is too long to be kept" in page.content.decode()
    assert long in page.content.decode()
    assert stored(version, "summary").revision == 1
    code = post(browser, version, "summary", {"summary": "<p>" + "x" * 2_000_000 + "</p>"})
    assert "x" * 2_000_000 in code.content.decode()


def test_what_a_word_processor_pasted_without_scripts_is_kept_by_its_meaning(browser, version):
    markup, said = clipboard("word")
    post(browser, version, "summary", {"summary": markup})
    assert stored(version, "summary").data == {"summary": said}
    post(browser, version, "about", {"title": "<h1>Broar <b>nu</b></h1>", "area": "a < b <3"})
    data = stored(version, "about").data
    assert (data["title"], data["area"]) == ("Broar nu", "a < b <3")


def test_a_session_that_ended_loses_no_word(version, officer):
    browser = Client()
    assert autosave(browser, version, "summary", 1).status_code == 401
    key = str(uuid.uuid4())
    sent = browser.post(at(version, "lessons"), {"row": key, f"r-{key}-text": "Typed for an hour", "revision": 1})
    assert "login" in sent.url
    page = sign_in(browser, officer).get(at(version, "lessons")).content.decode()
    assert "Typed for an hour" in page


# --- who may ----------------------------------------------------------------------------------------------------------


def test_other_peoples_records_are_not_found(version):
    stranger = sign_in(Client(), build.officer(build.city()))
    for address in (at(version), at(version, "summary"), at(version, "pictures", uuid.uuid4())):
        assert "login" in Client().get(address).url
        assert stranger.get(address).status_code == 404
    assert autosave(stranger, version, "summary", 1).status_code == 404
    assert stranger.post(f"/en/practices/{version.practice.slug}/record/new-version/").status_code == 404


def test_what_is_submitted_can_be_read_and_not_changed(browser, city, officer):
    version = ready(city, officer)
    revision = stored(version, "summary").revision
    submit_version(version, by=officer)
    assert "it can’t be changed now" in browser.get(at(version)).content.decode()
    assert browser.get(at(version, "summary")).url == at(version)
    assert browser.get(at(version, "pictures", uuid.uuid4())).url == at(version)
    refused = post(browser, version, "summary", {"summary": "Late words"})
    assert refused.status_code == 403
    assert "Late words" in refused.content.decode()
    assert autosave(browser, version, "summary", revision, **{"f-summary": "Late"}).status_code == 422
    assert stored(version, "summary").data == {"summary": "What it is."}


def test_in_the_archive_nothing_is_written(browser, city, officer):
    practice = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city)
    start_version(practice, by=officer)
    archive_practice(practice, by=officer, reason="Old.")
    version = PracticeVersion.objects.get(practice=practice, state="draft")
    assert browser.get(at(version)).status_code == 200
    assert browser.get(at(version, "summary")).url == at(version)
    now = timezone.now()
    with pytest.raises(Exception, match="archive"):
        save_section(version, "summary", {}, revision=1, by=officer, at=now)


def test_a_section_that_is_not_there_is_not_found(browser, version):
    assert browser.get(at(version, "nowhere")).status_code == 404
    assert browser.get(at(version, "lessons", uuid.uuid4())).status_code == 404
    practice = build.practice(build.operator(), of=version.practice.city)
    assert browser.get(f"/en/practices/{practice.slug}/record/sections/summary/").status_code == 404
