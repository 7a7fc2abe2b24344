"""The pages of networks: members on any date, by region, and as a table."""

import csv
import datetime
import io

import pytest
from django.utils import timezone

from network.membership.domain import add_region, decide
from network.membership.enums import DecisionKind
from network.membership.queries.members import members_by_region
from tests import places

pytestmark = pytest.mark.django_db
PAGE = "/en/networks/lamp/"


@pytest.fixture
def network():
    return places.network("Lamp", abbreviation="LMP", founded_on=datetime.date(2015, 9, 29), founded_precision="month")


def read(response) -> list[dict[str, str]]:
    """The rows of a CSV download."""
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_list_of_networks_counts_cities_once(client, network):
    city = places.athens()
    places.member(network, city)
    places.member(network, city, kind="partner", programme="Lamps")
    html = client.get("/en/networks/").content.decode()
    assert "1 member city" in html
    assert "founded September 2015" in html


def test_a_network_without_members_says_what_belongs_here(client, network):
    assert "stand here once" in client.get(PAGE).content.decode()


def test_members_as_of_a_day_are_those_of_that_day(client, network):
    early = places.member(network, places.athens(), joined_on=datetime.date(2018, 1, 1))
    places.member(network, places.malmo(), joined_on=datetime.date(2020, 1, 1))
    decide(early, DecisionKind.WITHDRAW, by=places.operator(), reason="x", effective_on=datetime.date(2021, 1, 1))
    shown = {
        day: [name for name in ("Athens", "Malmö") if name in client.get(PAGE, {"as_of": day}).content.decode()]
        for day in ("2017-12-31", "2018-01-01", "2020-06-01", "2021-01-01", "")
    }
    assert shown == {
        "2017-12-31": [], "2018-01-01": ["Athens"], "2020-06-01": ["Athens", "Malmö"], "2021-01-01": ["Malmö"], "": ["Malmö"],
    }  # fmt: skip


def test_nobody_is_a_member_before_the_network_was_founded(client, network):
    places.member(network, places.athens())
    html = client.get(PAGE, {"as_of": "2010-01-01"}).content.decode()
    assert "founded later (September 2015)" in html
    assert "Athens" not in html
    assert "joining date is not known" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "written", ["yesterday", "2020-13-01", "2020-02-30", "20200101", "0000-00-00", "'", "2020-W01-1"]
)
def test_an_unreadable_day_is_told_and_today_is_shown(client, network, written):
    places.member(network, places.athens())
    response = client.get(PAGE, {"as_of": written})
    assert response.status_code == 200
    html = response.content.decode()
    assert "That is no day" in html
    assert "Athens" in html


def test_the_day_may_be_written_in_arabic_digits(client, network):
    places.member(network, places.athens(), joined_on=datetime.date(2018, 1, 1))
    assert "Athens" not in client.get(PAGE, {"as_of": "٢٠١٧-٠١-٠١"}).content.decode()


def test_members_stand_under_the_networks_own_regions(network):
    operator = places.operator()
    north = add_region(network, "north", {"en": "North"}, position=2, by=operator)
    south = add_region(network, "south", {"en": "South"}, position=1, by=operator)
    places.member(network, places.malmo(), region=north)
    places.member(network, places.athens(), region=south)
    places.member(network, places.city("Zagreb", country="HR"))
    found = members_by_region(network, "en", timezone.localdate())
    assert [(group.name, [member.city.shown_name for member in group.members]) for group in found.groups] == [
        ("South", ["Athens"]), ("North", ["Malmö"]), ("Other regions", ["Zagreb"]),
    ]  # fmt: skip
    assert (found.cities, found.countries, found.undated) == (3, 3, 3)


def test_without_own_regions_they_stand_under_those_of_the_world(network):
    places.member(network, places.athens())
    places.member(network, places.city("Tunis", country="TN", region="mena"))
    found = members_by_region(network, "en", timezone.localdate())
    assert [group.name for group in found.groups] == ["Europe", "Middle East and North Africa"]


def test_founding_suspended_and_doubtful_members_are_marked(client, network):
    places.member(
        network,
        places.athens(),
        founding=True,
        confirmed=False,
        joined_on=datetime.date(2016, 1, 1),
        joined_precision="year",
    )
    suspended = places.member(network, places.malmo())
    decide(suspended, DecisionKind.SUSPEND, by=places.operator(), reason="x")
    html = client.get(PAGE).content.decode()
    for words in ("Founding member", "Not confirmed", "since 2016", "Suspended"):
        assert words in html


def test_the_table_of_members_keeps_the_day_and_says_no_more_than_is_known(client, network):
    places.member(
        network, places.athens(), joined_on=datetime.date(2018, 1, 1), joined_precision="month", founding=True
    )
    places.member(network, places.malmo(), joined_on=datetime.date(2020, 1, 1))
    rows = read(client.get(f"{PAGE}members.csv", {"as_of": "2019-01-01"}))
    assert [(row["City"], row["Joined"], row["Founding member"], row["As of"]) for row in rows] == [
        ("Athens", "2018-01", "yes", "2019-01-01")
    ]


def test_the_table_runs_nothing(client, network):
    places.member(
        network, places.city("Evil", names={"en": "=HYPERLINK(1)"}, slug="evil"), act={"en": "@SUM(1)"}, source="+1 x"
    )
    row = read(client.get(f"{PAGE}members.csv"))[0]
    assert (row["City"], row["Approving act"], row["Source"]) == ("'=HYPERLINK(1)", "'@SUM(1)", "'+1 x")


def test_the_pages_speak_arabic_from_right_to_left(client, network):
    places.member(network, places.athens())
    html = client.get("/ar/networks/lamp/").content.decode()
    assert 'lang="ar" dir="rtl"' in html
    assert "أثينا" in html
    assert "أثينا" in client.get("/ar/networks/lamp/members.csv").content.decode()


@pytest.mark.parametrize("slug", ["nothing", "δίκτυο", "شبكة", "%00", "a" * 300])
def test_unknown_networks_are_not_there(client, slug):
    assert client.get(f"/en/networks/{slug}/").status_code in {400, 404}


def test_an_archived_network_or_city_is_not_shown(client, network):

    city = places.athens()
    places.member(network, city)
    type(city).objects.filter(pk=city.pk).update(archived_at=timezone.now())
    assert "Athens" not in client.get(PAGE).content.decode()
    type(network).objects.filter(pk=network.pk).update(archived_at=timezone.now())
    assert client.get(PAGE, {"x": "1"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_of_networks_take_a_fixed_number_of_queries(client, network, rows, django_assert_num_queries):
    for _ in range(rows):
        places.member(network, places.city())
    for _ in range(rows - 1):
        places.network()
    with django_assert_num_queries(2):
        client.get("/en/networks/")
    with django_assert_num_queries(5):
        client.get(PAGE)
    with django_assert_num_queries(4):
        client.get(f"{PAGE}members.csv")
