"""A fund as the beginning of another city's, and a round as the beginning of the next."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cities.models import City
from grants.domain.copying import Copy, begin_like, copy_fund, set_up_fund, take_over
from grants.domain.rounds import NewRound
from grants.domain.terms import NewTier, set_tiers
from grants.enums import FundStatus
from grants.models import Fund, Round
from network.membership.models import Network
from network.people.enums import RoleKind
from tests.admin.conftest import staff
from tests.grants import builders
from tests.grants.test_running_funds import refused
from tests.threads import in_threads


def when(days: int):
    return builders.wall(timezone.now() + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def source(db):
    """A fund with a round that asks, judges and has sizes."""
    fund = builders.fund(
        who_can_apply={"en": "Charities"},
        languages=("en", "ar"),
        who_decides={"en": "A panel"},
        objectives=({"en": "Aim", "ar": "هدف"},),
    )
    now = timezone.now()
    made = builders.round_of(
        fund, opens=now + timedelta(days=3), closes=now + timedelta(days=9), published=False, sealed=True,
        max_per_organisation=3,
    )  # fmt: skip
    sizes = [NewTier(Decimal(10_000), Decimal(25_000)), NewTier(Decimal(25_001), Decimal(50_000), 50)]
    set_tiers(made, sizes, by=builders.operator(), at=now)
    return Fund.objects.get(pk=fund.pk)


@pytest.fixture
def malmo(db):
    return City.objects.create(slug="malmo", name_en="Malmö", native_name="Malmö", country="SE", region="europe")


@pytest.fixture
def officer(malmo):
    return staff(RoleKind.CITY_OFFICER, malmo.uuid, email="officer@malmo.example", name="Officer")


def copy_for(owner, **more) -> Copy:
    return Copy(owner, {"sv": "Malmös fond"}, "SEK", when(30), when(60), "Europe/Stockholm", **more)


def test_a_copy_is_a_draft_with_everything_but_money_and_dates(source, malmo, officer):
    made = copy_fund(source, copy_for(malmo), by=officer)
    made.refresh_from_db()
    assert (made.status, made.budget, made.owner_city, made.currency) == (FundStatus.DRAFT, 0, malmo, "SEK")
    assert made.slug == "shared-fund-malmo"
    assert (made.title_en, made.title_sv) == ("Shared Fund", "Malmös fond")
    assert (made.who_decides_en, made.objectives) == ("A panel", source.objectives)
    assert made.languages == ["en", "ar"]
    assert not made.contributions.exists()
    theirs, ours = made.rounds.get(), source.rounds.get()
    assert not theirs.published
    assert (theirs.timezone, theirs.sealed, theirs.max_per_organisation) == ("Europe/Stockholm", True, 3)
    assert theirs.closes_at != ours.closes_at
    assert (theirs.award_min, theirs.award_max) == (10_000, 50_000)
    assert theirs.forms.get().sections == ours.forms.get().sections
    for rows in ("eligibility", "criteria", "tiers"):
        kept = list(getattr(theirs, rows).all())
        assert len(kept) == getattr(ours, rows).count() > 0, rows
        assert {one.pk for one in kept}.isdisjoint(getattr(ours, rows).values_list("pk", flat=True))
    assert theirs.eligibility.get(key="form").options[0]["label"]["ar"] == "مؤسسة خيرية"
    assert theirs.criteria.get().name_ar == "الحاجة"


def test_changing_the_copy_leaves_the_source(source, malmo, officer):
    made = copy_fund(source, copy_for(malmo), by=officer)
    set_tiers(made.rounds.get(), [], by=officer, at=timezone.now())
    made.rounds.get().criteria.all().delete()
    assert source.rounds.get().tiers.count() == 2
    assert source.rounds.get().criteria.count() == 1


def test_a_network_can_have_a_copy_too(source):
    network = Network.objects.create(slug="cni", name_en="Cities network")
    by = staff(RoleKind.NETWORK_OFFICER, network.uuid, email="officer@cni.example", name="Officer")
    assert copy_fund(source, copy_for(network), by=by).owner_network == network


def test_a_fund_without_a_round_is_copied_without_one(malmo, officer):
    assert not copy_fund(builders.fund("bare"), copy_for(malmo), by=officer).rounds.exists()


def test_who_may_copy(source, malmo, officer, applicant):
    london = staff(RoleKind.CITY_OFFICER, source.owner_city.uuid, email="officer@london.example", name="London")
    assert refused(copy_fund, source, copy_for(malmo), by=applicant).code == "denied"
    assert refused(copy_fund, source, copy_for(malmo), by=london).code == "denied"
    Fund.objects.filter(pk=source.pk).update(status=FundStatus.DRAFT)
    source.refresh_from_db()
    assert refused(copy_fund, source, copy_for(malmo), by=officer).code == "denied"
    assert copy_fund(source, copy_for(source.owner_city), by=london).slug == "shared-fund-london"
    assert Fund.objects.count() == 2


def test_an_hour_that_clocks_skip_is_no_time_for_a_copy_either(source, malmo, officer):
    new = Copy(
        malmo, {}, "SEK", when(30), when(30).replace(month=3, day=28, year=2027, hour=2, minute=30), "Europe/Stockholm"
    )
    assert refused(copy_fund, source, new, by=officer).code == "imaginary"
    assert Fund.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_copies_made_at_once_have_two_addresses():
    fund, by = builders.fund(), builders.operator()
    results = in_threads(2, lambda n: copy_fund(fund, copy_for(fund.owner_city), by=by))
    assert sorted(one.slug for one in results) == ["shared-fund-london", "shared-fund-london-2"]


def test_a_fund_called_new_has_another_address(malmo, officer):
    assert set_up_fund(malmo, {"en": "New"}, "SEK", by=officer).slug == "new-2"
    assert set_up_fund(malmo, {"ar": "صندوق"}, "SEK", by=officer).status == FundStatus.DRAFT


def test_the_next_round_begins_with_the_questions_of_an_earlier_one(source):
    by, like = builders.operator(), source.rounds.get()
    new = NewRound(title={"en": "Second"}, opens=when(40), closes=when(50), zone="Europe/London", published=False)
    made = begin_like(source, like, new, by=by)
    made.refresh_from_db()
    assert (made.number, made.tiers.count(), made.eligibility.count(), made.award_max) == (2, 2, 3, 50_000)
    assert refused(take_over, like, made, by=by).code == "there"
    other = builders.round_of(builders.fund("other"))
    assert refused(begin_like, source, other, new, by=by).code == "like"
    assert Round.objects.filter(fund=source).count() == 2
