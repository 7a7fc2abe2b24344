"""What is loaded: how many, from where, in which languages, and what follows from it."""

from __future__ import annotations

import datetime
from decimal import Decimal

from allauth.mfa.models import Authenticator
from django.db.models import Count, Q
from django.utils import timezone

from cities.models import City, CityContact
from grants.enums import State
from grants.models import Application, Contribution, Fund, Round
from network.audit.models import AuditEvent
from network.languages import CODES
from network.mail.domain.planning import add_default_rules
from network.mail.models import OutgoingMail
from network.mail.queries.upcoming import upcoming
from network.membership.models import Membership, Network
from network.people.enums import SECOND_FACTOR_ROLES, RoleKind
from network.people.models import BankDetails, Organisation, User
from network.portal.demo.accounts import phrase_of
from network.portal.demo.content import read
from network.portal.demo.members import END_OF_PROGRAMME
from network.portal.demo.verifications import enter_accounts
from network.scanner import Scan
from practices.domain.scheme_files import read_scheme
from practices.enums import Maturity
from practices.models import Concept, Label, Practice, ReviewRequest, SearchEntry
from practices.queries.evidence import facts_of
from practices.rules.labels import NEAR
from practices.rules.maturity import maturity_of


def test_the_promised_numbers_are_there(demo):
    assert Network.objects.count() == 8
    assert City.objects.count() == 92
    assert Membership.objects.count() == 123
    assert Organisation.objects.filter(demo=False).count() == 26
    assert Organisation.objects.filter(demo=True).count() == 5
    assert Practice.objects.filter(demo=False).count() == 2
    assert Practice.objects.filter(demo=True).count() >= 24
    assert Concept.objects.count() == len(read_scheme()) >= 120
    assert CityContact.objects.count() == 5


def test_memberships_stand_under_their_networks(demo):
    counted = dict(Network.objects.annotate(n=Count("memberships")).values_list("abbreviation", "n"))
    assert sum(counted.values()) == 123
    by_slug = dict(Membership.objects.order_by().values_list("network__slug").annotate(n=Count("pk")))
    assert by_slug["strong-cities-network"] == 37
    assert by_slug["cities-network-for-integration"] == 17
    assert by_slug["nordic-safe-cities"] == 9
    assert Membership.objects.exclude(programme="").count() == 17


def test_a_membership_whose_start_nobody_knows_shows_no_date(demo):
    unknown = Membership.objects.filter(joined_on__isnull=True)
    assert unknown.count() == sum(told["since"] is None for told in read("memberships")) > 80
    assert unknown.members_on(timezone.localdate()).count() == unknown.count()


def test_partnerships_ended_with_their_programme(demo):
    ended = Membership.objects.filter(programme="CITIES-GroW", joined_on__isnull=False)
    assert ended.count() == 16
    assert ended.members_on(datetime.date(2019, 1, 31)).count() == 16
    assert ended.members_on(datetime.date(2019, 2, 1)).count() == 0


def test_every_fact_says_where_it_comes_from(demo):
    for facts in (City.objects, Network.objects, Membership.objects, Organisation.objects, CityContact.objects):
        assert not facts.filter(source="").exists(), facts.model
    for facts in (Fund.objects, Contribution.objects, Round.objects):
        assert not facts.filter(source="").exists(), facts.model
    assert not Practice.objects.filter(demo=False, source="").exists()
    assert not City.objects.filter(population__isnull=False, population_source="").exists()
    assert not CityContact.objects.filter(as_of="").exists()


def test_cities_networks_and_themes_have_a_name_in_every_language(demo):
    for named, field in ((City, "name"), (Network, "name"), (Concept, "label")):
        for code in CODES:
            nameless = named.objects.filter(Q(**{f"{field}_{code}": ""}) | Q(**{f"{field}_{code}__isnull": True}))
            assert not nameless.exists(), (named, code)


def test_cities_are_found_in_any_script(demo):
    for query, slug in (
        ("Αθήνα", "athens"),
        ("أثينا", "athens"),
        ("athina", "athens"),
        ("malmo", "malmo"),
        ("Larisa", "larissa"),
    ):
        assert slug in City.objects.matching(query).values_list("slug", flat=True), query


def test_maturity_is_what_the_evidence_makes_it_and_all_levels_occur(demo):
    found = {}
    for practice in Practice.objects.all():
        assert practice.maturity == maturity_of(facts_of(practice), timezone.localdate()), practice.slug
        found.setdefault(practice.maturity, []).append(practice.slug)
    assert {level: bool(found.get(level)) for level in Maturity.values} == dict.fromkeys(Maturity.values, True)
    assert len(found[Maturity.GOOD]) >= 3
    assert len(found[Maturity.TRANSFERRED]) >= 3


def test_practices_are_published_from_many_cities_in_many_languages(demo):
    practices = Practice.objects.filter(state="published")
    written = Practice.objects.exclude(state="published").get()
    assert (written.state, written.demo, written.city.slug) == ("draft", True, "malmo")
    assert practices.order_by().values("city").distinct().count() >= 12
    assert practices.order_by().values("original_language").distinct().count() >= 8
    assert all(practice.original_language in practice.languages for practice in practices)
    assert SearchEntry.objects.count() == sum(len(practice.languages) for practice in practices)
    for practice in practices.filter(demo=False):
        assert {"el", "en", "ar", "it", "sv"} <= set(practice.languages)


def test_a_copy_of_the_fund_waits_as_a_draft_for_another_city(demo):
    fund = Fund.objects.get(status="draft")
    assert (fund.demo, fund.owner_city.slug, fund.currency, fund.budget) == (True, "athens", "EUR", 400_000)
    round_ = fund.rounds.get()
    assert (round_.demo, round_.published, round_.forms.count()) == (True, False, 1)
    assert list(round_.tiers.values_list("maximum", "match")) == [(25_000, 0), (50_000, 0), (100_000, 50)]


def test_the_fund_holds_what_its_funders_pay_and_one_round_is_open(demo):
    fund = Fund.objects.get(status="open")
    assert (fund.budget, fund.committed, fund.currency) == (Decimal(800_000), 0, "GBP")
    assert sorted(fund.contributions.values_list("amount", flat=True)) == [Decimal(400_000)] * 2
    now = timezone.now()
    running = fund.rounds.filter(opens_at__lte=now, closes_at__gt=now)
    assert [round_.demo for round_ in running] == [True]
    assert running[0].award_max == Decimal(50_000)
    assert list(running[0].tiers.values_list("minimum", "match")) == [(1_000, 0), (25_001, 25)]
    assert len(fund.themes) == 5
    assert running[0].criteria.count() == 5
    assert running[0].eligibility.count() == 6
    assert running[0].forms.count() == 1


def test_one_application_was_sent_with_its_file_and_one_is_a_draft(demo):
    sent = Application.objects.get(state=State.SUBMITTED)
    version = sent.current_version
    assert (sent.demo, sent.number is not None, version.number, version.in_grace) == (True, True, 1, False)
    assert len(version.receipt_code) == 14
    assert sent.round.opens_at < version.received_at < sent.round.closes_at
    paper = sent.attachments.get()
    assert (paper.mime, paper.scan) == ("application/pdf", Scan.CLEAN)
    with paper.file.open("rb") as file:
        assert file.read().startswith(b"%PDF-1.4")
    draft = Application.objects.get(state=State.DRAFT)
    assert (draft.demo, draft.number, draft.current_version) == (True, None, None)
    assert draft.title == "أصواتنا في الحافلة"
    receipt = OutgoingMail.objects.get(kind="grants.receipt")
    assert (receipt.to_email, receipt.language) == ("maya.okafor@lanternyard.example", "en")


def test_there_is_an_account_for_every_role_and_a_second_factor_where_one_is_demanded(demo):
    people = User.objects.filter(demo=True)
    assert people.count() == User.objects.count() == len(read("people"))
    held = set(User.objects.filter(roles__isnull=False).values_list("roles__kind", flat=True).order_by())
    assert held >= set(RoleKind.values) - {RoleKind.FUNDER_OBSERVER}
    for user in people:
        kinds = set(user.roles.values_list("kind", flat=True).order_by())
        enrolled = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
        assert enrolled == bool(kinds & set(SECOND_FACTOR_ROLES)), user.email
        assert user.check_password(phrase_of(user.email))
        assert user.email.endswith(".example")
    assert len({phrase_of(user.email) for user in people}) == people.count()


def test_the_history_names_who_wrote_it_down(demo):
    operator, applicant = demo.operator, demo.people["applicant"]
    assert set(AuditEvent.objects.filter(table="cities_city").values_list("actor_id", flat=True)) == {operator.pk}
    written = AuditEvent.objects.filter(table="grants_application", action="I").values_list("actor_id", flat=True)
    assert applicant.pk in written
    assert operator.pk not in written


def test_a_reason_stands_in_the_history_of_its_own_decision_alone(demo):
    told = AuditEvent.objects.filter(reason=END_OF_PROGRAMME)
    decided = [event.after["kind"] for event in told if event.table == "membership_membershipdecision"]
    ended = Membership.objects.filter(decisions__kind="end")
    assert decided == ["end"] * len(decided)
    assert decided
    assert {event.row for event in told if event.table == "membership_membership"} <= {str(one.pk) for one in ended}


def test_staff_see_reminders_of_the_coming_week(demo):
    add_default_rules()
    (draft,) = Application.objects.filter(state=State.DRAFT)
    writers = set(draft.members.exclude(role="viewer").values_list("user_id", flat=True))
    awaited = ReviewRequest.objects.get(state="accepted")
    # Practices of fixed days fall due for confirmation in some weeks of the year.
    firings = [one for one in upcoming(days=7).firings if one.message != "practices.confirm_due"]
    assert [(one.message, one.subject_id, {user_id for user_id, _name in one.people}) for one in firings] == [
        ("grants.round_closes", draft.round_id, writers),
        ("practices.review_due", awaited.pk, {awaited.reviewer_id}),
        ("grants.round_closes", draft.round_id, writers),
    ]


def test_records_that_were_completed_hold_every_part_in_every_language_they_have(demo):
    told = read("records")
    assert len(told) >= 5
    for record in told:
        practice = Practice.objects.get(slug=record["practice"])
        assert practice.blocks.count() >= 2
        assert practice.conditions.count() >= 1
        assert practice.partners.count() >= 1
        assert practice.images.get().file.mime == "image/png"
        assert practice.currency
        for code in practice.languages:
            for row in (*practice.blocks.all(), practice.images.get()):
                name = "title" if hasattr(row, "title") else "alt"
                assert getattr(row, f"{name}_{code}"), f"{practice.slug} {code} {name}"
        assert practice.record_versions.filter(state="published").count() == 2


def test_a_label_of_each_state_stands_there(demo):
    rows = Label.objects.order_by("-valid_until")
    assert [(row.practice.slug, row.state_on(demo.today)) for row in rows] == [
        ("pharmacies-that-listen-thessaloniki", "valid"),
        ("moedt-ved-porten-aarhus", "withdrawn"),
        ("sprak-pa-skiftet-malmo", "valid"),
        ("flickornas-torg-botkyrka", "expired"),
    ]
    assert rows[2].valid_until - demo.today < NEAR


def test_some_practices_are_overdue_for_their_confirmation_and_some_are_soon(demo):
    today = timezone.localdate()
    public = Practice.objects.filter(state="published")
    overdue = set(public.filter(review_due_on__lt=today).values_list("slug", flat=True))
    assert {"syneleyseis-geitonias-athens", "flickornas-torg-botkyrka"} <= overdue
    soon = public.filter(review_due_on__range=(today, today + datetime.timedelta(days=60)))
    assert soon.filter(slug="sprak-pa-skiftet-malmo").exists()


def test_a_portal_without_a_key_for_accounts_is_filled_all_the_same(demo, settings):
    told = next(one for one in read("verifications") if one["accounts"])
    organisation, by = demo.organisations[told["organisation"]], demo.people[told["by"]]
    there = BankDetails.objects.count()
    settings.KOINE_BANK_KEYS = []
    enter_accounts(organisation, told, by, demo)
    assert BankDetails.objects.count() == there > 0
