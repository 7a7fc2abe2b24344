"""Setting up and running a fund: its texts, its money that adds up, its way from draft to open, and who may."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.domain import funds as verbs
from grants.domain.funds import Part, change_terms, change_texts, move_fund, set_money
from grants.enums import FundStatus, FundVerb
from grants.models import Contribution, Fund
from grants.registry import Theme, offer_themes
from grants.rules.rounds import can_start_in
from network.audit.models import AuditEvent
from network.doors import DomainError
from network.people.enums import RoleKind
from network.people.models import Organisation
from network.portal.queries import fund_themes
from tests.admin.conftest import staff
from tests.grants import builders
from tests.threads import in_threads

TEXTS = {
    "purpose": {"en": "Stand up to hate."},
    "who_can_apply": {"en": "Charities."},
    "who_decides": {"en": "A panel."},
}


def refused(act, *args, **more) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        act(*args, **more)
    return refusal.value


@pytest.fixture
def by(db):
    return builders.operator()


@pytest.fixture
def fund(by):
    return builders.fund()


@pytest.fixture
def draft_fund(by):
    made = builders.fund("a-draft", status=FundStatus.DRAFT)
    made.refresh_from_db()
    return made


@pytest.fixture
def three_themes():
    """A classification of three themes, one of which was merged into another."""
    names = {"housing": "Housing", "hate": "Hate", "work": "Work"}

    def named(codes, language):
        codes = ["hate" if code == "old-hate" else code for code in codes]
        return [Theme(code, names[code]) for code in dict.fromkeys(codes) if code in names]

    offer_themes(lambda language: [Theme(code, name) for code, name in names.items()], named)
    yield
    offer_themes(fund_themes.tree, fund_themes.named, tops=fund_themes.tops, chosen=fund_themes.chosen)


def org(slug: str) -> Organisation:
    return Organisation.objects.get_or_create(slug=slug, defaults={"kind": "foundation", "name_en": slug.title()})[0]


def part(slug: str, amount: int, **texts) -> Part:
    return Part(org(slug), Decimal(amount), texts)


def test_what_the_funders_pay_is_the_budget(fund, by):
    set_money(
        fund,
        Decimal(900_000),
        [part("partner", 250_000, en="In two parts"), part("third", 650_000)],
        version=fund.version,
        by=by,
    )
    fund.refresh_from_db()
    rows = fund.contributions.order_by("position")
    assert fund.budget == 900_000
    assert [(row.funder.slug, row.amount, row.conditions_en) for row in rows] == [
        ("partner", 250_000, "In two parts"),
        ("third", 650_000, None),
    ]


@pytest.mark.parametrize(
    ("budget", "amounts", "code", "words"),
    [
        (800_000, [400_000, 399_999], "sum", "£1 are missing"),
        (800_000, [400_000, 400_001], "sum", "£1 too much"),
        (800_000, [], "sum", "are missing"),
        (0, [], "missing", "at least one funder"),
        (400_000, [400_000, 0], "amount", "more than nothing"),
    ],
)
def test_amounts_that_do_not_add_up_are_refused_and_nothing_changes(fund, by, budget, amounts, code, words):
    parts = [part(f"funder-{n}", amount) for n, amount in enumerate(amounts)]
    error = refused(set_money, fund, Decimal(budget), parts, version=fund.version, by=by)
    assert error.code == code
    assert words in str(error)
    fund.refresh_from_db()
    assert fund.budget == 800_000
    assert fund.contributions.count() == 2


def test_a_funder_stands_there_once(fund, by):
    twice = [part("partner", 1), part("partner", 2)]
    assert refused(set_money, fund, Decimal(3), twice, version=fund.version, by=by).code == "twice"


def test_a_funder_never_pays_less_than_awards_have_taken(fund, by):
    Contribution.objects.filter(fund=fund, funder__slug="partner").update(committed=300_000)
    Fund.objects.filter(pk=fund.pk).update(committed=300_000)
    less = [part("city-hall", 400_000), part("partner", 299_999)]
    assert refused(set_money, fund, Decimal(699_999), less, version=fund.version, by=by).code == "committed"
    gone = [part("city-hall", 800_000)]
    assert refused(set_money, fund, Decimal(800_000), gone, version=fund.version, by=by).code == "committed"
    set_money(
        fund, Decimal(700_000), [part("city-hall", 400_000), part("partner", 300_000)], version=fund.version, by=by
    )
    assert Fund.objects.get(pk=fund.pk).budget == 700_000


def test_the_database_keeps_the_sum_too(fund):
    Fund.objects.filter(pk=fund.pk).update(budget=1)
    with transaction.get_connection().cursor() as cursor, pytest.raises(IntegrityError, match="its funders pay 800000"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_money_at_once_the_second_is_told():
    by, fund = builders.operator(), builders.fund()
    version = Fund.objects.get(pk=fund.pk).version
    parts = [[part("partner", 100)], [part("city-hall", 200)]]
    results = in_threads(2, lambda n: set_money(fund, parts[n][0].amount, parts[n], version=version, by=by))
    assert sorted(getattr(one, "code", "done") for one in results) == ["done", "stale"]
    kept = Fund.objects.get(pk=fund.pk)
    assert [row.amount for row in kept.contributions.all()] == [kept.budget]


def test_texts_are_written_language_by_language(fund, by):
    change_texts(fund, {"title": {"sv": "Gemensamma fonden"}}, version=fund.version, by=builders.operator())
    fund.refresh_from_db()
    assert (fund.title_en, fund.title_ar, fund.title_sv) == ("Shared Fund", "الصندوق المشترك", "Gemensamma fonden")


def test_the_first_aim_is_the_same_aim_in_every_language(draft_fund, by):
    change_texts(draft_fund, {}, aims={"en": ["One", "Two", "Three"]}, version=draft_fund.version, by=by)
    change_texts(draft_fund, {}, aims={"sv": ["Ett", "", "Tre"]}, version=draft_fund.version, by=by)
    change_texts(draft_fund, {}, aims={"en": ["One", "", "Three"]}, version=draft_fund.version, by=by)
    draft_fund.refresh_from_db()
    assert draft_fund.objectives == [{"en": "One", "sv": "Ett"}, {"en": "Three", "sv": "Tre"}]


@pytest.mark.parametrize(
    ("texts", "aims", "code"),
    [
        ({"title": {"en": "", "ar": ""}}, None, "title"),
        ({"title": {"en": "t" * 161}}, None, "title"),
        ({"purpose": {"en": "p" * 5_001}}, None, "purpose"),
        ({}, {"en": ["a"] * 21}, "aims"),
        ({}, {"en": ["a" * 301]}, "aims"),
    ],
)
def test_texts_that_are_missing_or_too_long_are_refused(draft_fund, by, texts, aims, code):
    assert refused(change_texts, draft_fund, texts, aims=aims, version=draft_fund.version, by=by).code == code


def test_a_published_fund_keeps_what_readers_need(fund, by):
    change_texts(fund, TEXTS, version=fund.version, by=by)
    gone = {"purpose": {"en": "", "ar": ""}}
    assert refused(change_texts, fund, gone, version=fund.version, by=by).code == "missing"


def test_whoever_saves_over_a_newer_version_is_told(fund, by):
    seen = fund.version
    change_texts(fund, TEXTS, version=seen, by=by)
    assert refused(change_texts, fund, TEXTS, version=seen, by=by).code == "stale"


def test_themes_are_kept_in_their_order_with_successors_for_merged_ones(fund, by, three_themes):
    terms = {"publish_model": "lead", "currency": "GBP", "by": by}
    change_terms(fund, themes=["work", "old-hate", "nonsense", "hate"], version=fund.version, **terms)
    assert Fund.objects.get(pk=fund.pk).themes == ["work", "hate"]


def test_the_terms_of_a_fund_refuse_what_makes_no_sense(fund, draft_fund, by, monkeypatch, three_themes):
    monkeypatch.setattr(verbs, "MOST_THEMES", 2)
    sound = {"themes": [], "publish_model": "lead", "currency": "GBP", "by": by}
    for changes, code in (
        ({"themes": ["work", "hate", "housing"]}, "themes"),
        ({"publish_model": "nobody"}, "publish_model"),
        ({"currency": "EUR"}, "currency"),
    ):
        assert refused(change_terms, fund, **{**sound, **changes}, version=fund.version).code == code
    set_money(draft_fund, Decimal(0), [], version=draft_fund.version, by=by)
    assert (
        refused(change_terms, draft_fund, **{**sound, "currency": "EURO"}, version=draft_fund.version).code
        == "currency"
    )
    change_terms(draft_fund, **{**sound, "currency": "EUR"}, version=draft_fund.version)
    assert Fund.objects.get(pk=draft_fund.pk).currency == "EUR"


def test_a_fund_is_published_once_nothing_is_missing(draft_fund, by):
    error = refused(move_fund, draft_fund, FundVerb.PUBLISH, reason="", by=by)
    assert error.code == "missing"
    assert "who can apply, who decides" in str(error)
    change_texts(draft_fund, TEXTS, version=draft_fund.version, by=by)
    move_fund(draft_fund, FundVerb.PUBLISH, reason="", by=by)
    assert Fund.objects.get(pk=draft_fund.pk).status == FundStatus.OPEN


def test_a_closed_fund_takes_no_new_applications_until_it_is_opened_again(open_round, by):
    fund, now = open_round.fund, open_round.created_at
    assert refused(move_fund, fund, FundVerb.CLOSE, reason="  ", by=by).code == "reason"
    move_fund(fund, FundVerb.CLOSE, reason="The money is spent", by=by)
    assert AuditEvent.objects.filter(table="grants_fund").latest("id").reason == "The money is spent"
    open_round.refresh_from_db()
    assert not can_start_in(open_round, now)
    assert refused(move_fund, fund, FundVerb.PUBLISH, reason="", by=by).code == "state"
    move_fund(fund, FundVerb.REOPEN, reason="More money", by=by)
    open_round.refresh_from_db()
    assert can_start_in(open_round, now)


@pytest.mark.django_db(transaction=True)
def test_two_funds_of_one_address_set_up_at_once_are_one():
    by, owner = builders.operator(), builders.fund().owner_city
    new = verbs.NewFund(slug="twins", owner=owner, currency="EUR", title={"en": "Twins"})
    results = in_threads(2, lambda n: verbs.create_fund(new, by=by))
    assert sorted(getattr(one, "code", "made") for one in results) == ["made", "slug"]
    assert Fund.objects.filter(slug="twins").count() == 1


def test_who_may_run_a_fund(fund, applicant):
    """Officers of its owner, its own managers and operators; nobody else, officers of other cities neither."""
    other = builders.fund("other-fund")
    may = [
        staff(RoleKind.CITY_OFFICER, fund.owner_city.uuid, email="officer@london.example", name="Officer"),
        staff(RoleKind.FUND_MANAGER, fund.uuid, email="manager@london.example", name="Manager"),
        builders.operator(),
    ]
    may_not = [
        applicant,
        staff(RoleKind.CITY_OFFICER, other.uuid, email="officer@else.example", name="Else"),
        staff(RoleKind.FUND_MANAGER, other.uuid, email="manager@else.example", name="Other manager"),
        staff(RoleKind.REVIEWER, fund.uuid, email="reviewer@london.example", name="Reviewer"),
        staff(RoleKind.FUNDER_OBSERVER, fund.uuid, email="observer@london.example", name="Observer"),
        staff(RoleKind.AUDITOR, "", email="auditor@london.example", name="Auditor"),
    ]
    for n, person in enumerate(may):
        change_texts(fund, {"title": {"en": f"Title {n}"}, **TEXTS}, version=fund.version, by=person)
    for person in may_not:
        verb_calls = (
            (change_texts, (fund, TEXTS), {"version": fund.version}),
            (
                change_terms,
                (fund,),
                {"themes": [], "publish_model": "lead", "currency": "GBP", "version": fund.version},
            ),
            (set_money, (fund, Decimal(1), []), {"version": fund.version}),
            (move_fund, (fund, FundVerb.CLOSE), {"reason": "Because"}),
        )
        for act, args, more in verb_calls:
            assert refused(act, *args, **more, by=person).code == "denied", (person, act)
