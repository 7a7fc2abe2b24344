"""Members leave as a sheet and come back: told before anything is changed, all or nothing, and nothing in it runs."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from cities.domain import ContactDetails, add_contact
from network.audit.models import AuditEvent
from network.membership.domain import add_region, decide
from network.membership.enums import DecisionKind, MembershipStatus
from network.membership.models import Membership, MembershipDecision
from network.portal.admin.membership import status_today
from network.portal.imports import members
from network.portal.models import Download
from tests import places

pytestmark = pytest.mark.django_db
EXPORT = "/admin/membership/membership/export/"
IMPORT = "/admin/membership/membership/import/"


def sheet(browser, form="xlsx", **asked) -> list[list[str]]:
    """The rows of a download."""
    answer = browser.post(EXPORT, {"form": form}, query_params=asked)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    if form == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    rows = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    return [[cell or "" for cell in row] for row in rows]


def as_file(rows, form="xlsx", name="members") -> SimpleUploadedFile:
    if form == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return SimpleUploadedFile(f"{name}.csv", text.getvalue().encode())
    book = Workbook()
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return SimpleUploadedFile(f"{name}.xlsx", data.getvalue())


def preview(browser, rows, form="xlsx"):
    page = browser.post(IMPORT, {"sheet": as_file(rows, form)})
    assert page.status_code == 200
    return page


def apply(browser, page):
    return browser.post(IMPORT, {"rows": page.context["sealed"]})


def outcomes(page) -> list[str]:
    return [row.outcome for row in page.context["plan"].rows]


def column(rows, heading) -> int:
    return next(index for index, cell in enumerate(rows[0]) if cell.startswith(heading))


def on_record() -> list:
    """Every membership and decision, whatever language is active."""
    with override("en"):
        return [list(model.objects.order_by("pk").values()) for model in (Membership, MembershipDecision)]


@pytest.fixture
def full(lamp, operator):
    """A member with everything a row can hold."""
    add_region(lamp.network, "north", {"en": "North", "el": "Βορράς"}, by=operator)
    city = places.city("Thessaloniki")
    membership = places.member(
        lamp.network, city, act={"en": "Vote", "ar": "قرار"}, role={"sv": "Värd"}, founding=True, confirmed=False,
        region=lamp.network.regions.get(), programme="Open doors", source="minutes", kind="partner",
    )  # fmt: skip
    decide(membership, DecisionKind.SUSPEND, by=operator, reason="x")
    return membership


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "ar", "sv"])
def test_importing_an_export_changes_nothing(lamp, full, enter, settings, form, language):
    browser = enter(lamp.officer)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    before = on_record()
    page = preview(browser, sheet(browser, form), form)
    assert outcomes(page) == [members.UNCHANGED, members.UNCHANGED]
    assert not page.context["plan"].strange
    apply(browser, page)
    assert on_record() == before


def test_a_sheet_made_in_one_language_is_read_in_another(lamp, full, enter, settings):
    browser = enter(lamp.officer)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "el"
    rows = sheet(browser)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "it"
    assert outcomes(preview(browser, rows)) == [members.UNCHANGED, members.UNCHANGED]


def test_new_changed_unchanged_and_wrong_rows_are_told_apart(lamp, full, enter):
    browser = enter(lamp.officer)
    rows = sheet(browser)
    rows[1][column(rows, "Source")] = "letter"
    new = [""] * len(rows[0])
    new[column(rows, "City")], new[column(rows, "Network")] = "Athens", lamp.network.slug
    new[column(rows, "Kind")], new[column(rows, "Joined")] = "Observer", "2024-05"
    unknown = list(new)
    unknown[column(rows, "City")] = "Atlantis"
    odd = list(new)
    odd[column(rows, "Joined")] = "some day"
    twice = list(rows[2])
    page = preview(browser, [*rows, new, unknown, odd, twice])
    assert outcomes(page) == [
        members.CHANGED,
        members.UNCHANGED,
        members.NEW,
        members.WRONG,
        members.WRONG,
        members.WRONG,
    ]
    told = page.content.decode()
    for words in ("“Atlantis” is no single city", "“some day” is no day", "has this membership twice", "letter"):
        assert words in told
    assert not page.context["plan"].applicable
    assert Membership.objects.count() == 2


def test_a_good_sheet_is_applied_and_once_more_it_changes_nothing(lamp, full, enter):
    browser = enter(lamp.officer)
    rows = sheet(browser)
    rows[1][column(rows, "Source")] = "letter"
    new = [""] * len(rows[0])
    new[column(rows, "City")], new[column(rows, "Network")], new[column(rows, "Kind")] = (
        "Athens",
        lamp.network.slug,
        "Observer",
    )
    new[column(rows, "Joined")] = "2024-05"
    page = preview(browser, [*rows, new])
    assert page.context["plan"].applicable
    done = apply(browser, page)
    assert done.context["done"] == 2
    added = Membership.objects.get(kind="observer")
    assert (str(added.joined_on), added.joined_precision) == ("2024-05-01", "month")
    decision = added.decisions.get()
    assert (decision.decided_by, decision.reason) == (lamp.officer, "Import of members.xlsx")
    assert AuditEvent.objects.filter(reason="Import of members.xlsx", actor_id=lamp.officer.pk).exists()
    again = apply(browser, page)
    assert outcomes(again).count(members.UNCHANGED) == 3
    assert Membership.objects.count() == 3


def test_a_city_that_only_applied_is_no_member_yet(lamp, harbour, enter):
    browser = enter(lamp.officer)
    rows = [
        ["City", "Network, as in its address", "Status today (changed by decisions only)"],
        ["Malmö", lamp.network.slug, "applied"],
    ]
    apply(browser, preview(browser, rows))
    added = Membership.objects.with_status_on(timezone.localdate()).get(network=lamp.network, city=harbour.city)
    assert status_today(added) == MembershipStatus.PENDING


def test_a_row_that_somebody_changed_meanwhile_is_a_conflict(lamp, full, enter):
    browser = enter(lamp.officer)
    rows = sheet(browser)
    Membership.objects.update(version=7, source="changed meanwhile")
    page = preview(browser, rows)
    assert set(outcomes(page)) == {members.CONFLICT}
    assert "Somebody changed this membership after the sheet was made" in page.content.decode()


def test_what_changes_between_preview_and_apply_stops_all_of_it(lamp, full, enter):
    browser = enter(lamp.officer)
    rows = sheet(browser)
    rows[1][column(rows, "Source")] = "letter"
    page = preview(browser, rows)
    Membership.objects.update(version=7)
    answer = apply(browser, page)
    assert answer.context["done"] is None
    assert not Membership.objects.filter(source="letter").exists()


def test_one_refused_row_leaves_nothing_of_the_sheet(lamp, enter, operator, monkeypatch):
    other = places.member(lamp.network, places.city("Volos"))
    browser = enter(lamp.officer)
    rows = sheet(browser)
    for row in rows[1:]:
        row[column(rows, "Source")] = "letter"
    decide(other, DecisionKind.SUSPEND, by=operator, reason="x")
    rows = [rows[0], *[[*row[: column(rows, "Version")], ""] for row in rows[1:]]]
    line = next(row for row in rows if "Volos" in row)
    line[column(rows, "Joined")] = "2029-01-01"
    answer = apply(browser, preview(browser, rows))
    assert "Nothing was changed. Row" in answer.content.decode()
    assert not Membership.objects.filter(source="letter").exists()


def test_an_officer_imports_nothing_into_another_network(lamp, harbour, enter):
    browser = enter(lamp.officer)
    rows = [["City", "Network, as in its address"], ["Athens", harbour.network.slug]]
    assert outcomes(preview(browser, rows)) == [members.WRONG]
    foreign = [
        ["Membership (leave as it is; empty for a new one)", "Source"],
        [str(harbour.membership.uuid), "mine now"],
    ]
    assert outcomes(preview(browser, foreign)) == [members.WRONG]


def test_city_network_and_kind_of_a_membership_stay(lamp, full, enter):
    browser = enter(lamp.officer)
    rows = sheet(browser)
    rows[1][column(rows, "Kind")] = "Observer"
    page = preview(browser, rows)
    assert outcomes(page)[0] == members.CONFLICT


def test_a_preview_belongs_to_its_maker(lamp, full, operator, enter):
    browser = enter(lamp.officer)
    page = preview(browser, sheet(browser))
    assert b"Send the sheet again" in apply(enter(operator), page).content


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 broken", "read as a spreadsheet"),
        ("Město".encode("cp1250"), "not in UTF-8"),
        (b"City\0", "read as a spreadsheet"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"City\n" + b"Athens\n" * 5002, "more than 5,000 rows"),
    ],
)
def test_files_that_are_no_sheet_are_refused_with_a_sentence(lamp, enter, data, sentence):
    page = enter(lamp.officer).post(IMPORT, {"sheet": SimpleUploadedFile("x.csv", data)})
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_unknown_headings_are_named(lamp, enter):
    page = preview(enter(lamp.officer), [["City", "Shoe size"], ["Athens", "42"]])
    assert "Shoe size" in page.content.decode()


@pytest.mark.parametrize("evil", ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "|cmd", "%x", "＝1+1", " =1"])
def test_nothing_in_a_download_is_run_and_it_comes_back_as_it_was(lamp, enter, evil):
    Membership.objects.filter(pk=lamp.membership.pk).update(source=evil.strip())
    browser = enter(lamp.officer)
    for form in ("csv", "xlsx"):
        rows = sheet(browser, form)
        assert rows[1][column(rows, "Source")] == f"'{evil.strip()}"
        assert outcomes(preview(browser, rows, form)) == [members.UNCHANGED]
    book = load_workbook(io.BytesIO(browser.post(EXPORT, {"form": "xlsx"}).content))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "inlineStr"}


def test_a_download_keeps_the_filters_and_leaves_a_note(lamp, harbour, operator, enter):
    browser = enter(operator)
    rows = sheet(browser, network=harbour.network.slug)
    assert [row[column(rows, "City")] for row in rows[1:]] == ["Malmö"]
    note = Download.objects.get()
    assert (note.by, note.rows, note.model, note.form) == (operator, 1, "membership.membership", "xlsx")
    assert note.filters == "Network: Harbour"
    assert AuditEvent.objects.filter(table="portal_download", actor_id=operator.pk).exists()
    assert browser.get(EXPORT).status_code == 403


def test_addresses_of_contacts_leave_only_with_those_who_look_after_the_cities(lamp, operator, auditor, enter):
    add_contact(lamp.city, ContactDetails(name="Eleni", email="eleni@cityofathens.gr"), by=operator)
    for person, told in ((lamp.officer, True), (operator, True), (auditor, False)):
        rows = sheet(enter(person), "csv")
        assert any("eleni@cityofathens.gr" in row for row in rows) is told


def test_the_template_has_the_headings_and_nothing_else(lamp, auditor, enter):
    answer = enter(lamp.officer).get(reverse("admin:membership_membership_import_template"))
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 1
    assert "City" in rows[0]
    assert enter(auditor).get(IMPORT).status_code == 403
