"""Bank details: two people, one account that counts, never readable where they should not be."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.people import registry
from network.people.domain.bank import (
    BankData,
    confirm_bank_details,
    enter_bank_details,
    read_bank_details,
    refuse_bank_details,
    withdraw_bank_details,
)
from network.people.domain.merging import merge_organisations
from network.people.domain.organisations import OrganisationData, add_member, register_organisation
from network.people.domain.roles import grant_role
from network.people.enums import BankState, MemberRole, OrganisationKind, RoleKind
from network.people.models import BankDetails, BankReading
from network.people.queries.personal_data import own_data
from network.people.rules.bank import bic_fault, compact, iban_fault
from network.settings import env
from tests.people.signing import person, sign_in
from tests.threads import in_threads

IBAN, OTHER = "GB82WEST12345698765432", "GR1601101250000000012300695"
DATA = BankData("Lamp in Every Window", "GB82 WEST 1234 5698 7654 32", "", "treasurer@lamp.example")
FUND = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def owner(db):
    return person("owner@lamp.example", "Owner", preferred_language="sv")


@pytest.fixture
def second(organisation):
    found = person("second@lamp.example", "Second")
    add_member(organisation, found, MemberRole.OWNER)
    return found


@pytest.fixture
def organisation(owner):
    return register_organisation(owner, OrganisationData("Lamp", OrganisationKind.NGO))


@pytest.fixture
def finance(organisation):
    """Somebody who pays this organisation and no other."""
    found = person("finance@fund.example", "Finance")
    grant_role(found, RoleKind.FINANCE_PREPARER, FUND, by=None, reason="x")
    paid = lambda user: [organisation.pk] if user == found else []  # noqa: E731
    registry.PAYERS.append(paid)
    yield found
    registry.PAYERS.remove(paid)


def everything_in_the_database():
    """Every text in every table, to look for what must not stand there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        texts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


@pytest.mark.parametrize("number", ["GB82 WEST 1234 5698 7654 32", OTHER, "se45 5000 0000 0583 9825 7466", "٨"])
def test_ibans_of_people_are_read(number):
    assert (iban_fault(compact(number)) is None) == (number != "٨")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "two letters"),
        ("1234567890", "two letters"),
        ("GB83WEST12345698765432", "check digits"),
        ("GB28WEST12345698765423", "check digits"),
        ("ZZ4212345698765432", "no IBAN for the country ZZ"),
        ("SE055000000005839825", "another length"),
    ],
)
def test_what_is_no_iban_is_told_apart(number, words):
    assert words in str(iban_fault(number))


def test_a_bic_has_its_form_or_is_left_out():
    assert bic_fault("") is None
    assert bic_fault(compact("ethn graa")) is None
    assert bic_fault("ETHNGRAAXXX") is None
    assert bic_fault("ETHNGR") is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"holder": " 12 "}, "holder"),
        ({"holder": "x" * 141}, "holder"),
        ({"iban": "GB83WEST12345698765432"}, "iban"),
        ({"bic": "X"}, "bic"),
        ({"contact": "nobody"}, "contact"),
    ],
)
def test_nonsense_is_refused_by_its_field(organisation, owner, change, code):
    with pytest.raises(DomainError) as refused:
        enter_bank_details(organisation, BankData(**{**DATA.__dict__, **change}), by=owner)
    assert refused.value.code == code
    assert not BankDetails.objects.exists()


def test_only_owners_enter(organisation, owner, operator, finance):
    editor = person("editor@lamp.example")
    add_member(organisation, editor, MemberRole.EDITOR)
    for by in (editor, operator, finance, person("stranger@example.org")):
        with pytest.raises(DomainError) as refused:
            enter_bank_details(organisation, DATA, by=by)
        assert refused.value.code == "denied"


def test_the_number_stands_nowhere_in_the_clear(organisation, owner, second, finance):
    details = enter_bank_details(organisation, DATA, by=owner)
    confirm_bank_details(details, by=second, iban=IBAN)
    read_bank_details(details, by=finance)
    enter_bank_details(organisation, BankData("Lamp", OTHER), by=owner)
    stored = everything_in_the_database()
    assert "5432" in stored
    for secret in (IBAN, IBAN[4:], OTHER, DATA.holder):
        assert secret not in stored
    rows = AuditEvent.objects.filter(table="people_bankdetails")
    assert rows.count() >= 3
    assert all("sealed" not in (row.before or {}) and "sealed" not in (row.after or {}) for row in rows)


def test_a_second_owner_types_the_number_anew(organisation, owner, second):
    details = enter_bank_details(organisation, DATA, by=owner)
    with pytest.raises(DomainError) as refused:
        confirm_bank_details(details, by=second, iban=OTHER)
    assert refused.value.code == "iban"
    confirm_bank_details(details, by=second, iban="gb82 west 12345698 765432")
    details.refresh_from_db()
    assert (details.state, details.decided_by) == (BankState.CONFIRMED, second)


def test_who_entered_them_does_not_confirm_them(organisation, owner):
    details = enter_bank_details(organisation, DATA, by=owner)
    for act in (
        lambda: confirm_bank_details(details, by=owner, iban=IBAN),
        lambda: refuse_bank_details(details, by=owner, reason="x"),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "denied"
    with pytest.raises(IntegrityError, match="bank_details_have_a_second_person"), transaction.atomic():
        BankDetails.objects.update(state=BankState.CONFIRMED, decided_by=owner, decided_at=timezone.now())


def test_editors_operators_and_strangers_neither_confirm_nor_read(organisation, owner, operator):
    details = enter_bank_details(organisation, DATA, by=owner)
    editor = person("editor@lamp.example")
    add_member(organisation, editor, MemberRole.EDITOR)
    elsewhere = person("elsewhere@fund.example")
    grant_role(elsewhere, RoleKind.FINANCE_APPROVER, FUND, by=None, reason="x")
    for by in (editor, operator, elsewhere, person("stranger@example.org")):
        for act in (
            lambda by=by: confirm_bank_details(details, by=by, iban=IBAN, note="x"),
            lambda by=by: refuse_bank_details(details, by=by, reason="x"),
            lambda by=by: read_bank_details(details, by=by),
        ):
            with pytest.raises(DomainError) as refused:
                act()
            assert refused.value.code == "denied", by
    with pytest.raises(DomainError):
        read_bank_details(details, by=owner)
    assert not BankReading.objects.exists()


def test_finance_says_how_it_was_checked(organisation, owner, finance):
    details = enter_bank_details(organisation, DATA, by=owner)
    for note in ("", f"called, {DATA.iban}"):
        with pytest.raises(DomainError) as refused:
            confirm_bank_details(details, by=finance, note=note)
        assert refused.value.code == "note"
    confirm_bank_details(details, by=finance, note="Called the treasurer.")
    assert BankDetails.objects.get().note == "Called the treasurer."


def test_reading_is_written_down_and_shown_to_the_reader(organisation, owner, finance):
    details = enter_bank_details(organisation, DATA, by=owner)
    data = read_bank_details(details, by=finance)
    assert (data.iban, data.holder, data.contact) == (IBAN, "Lamp in Every Window", "treasurer@lamp.example")
    assert BankReading.objects.get().by == finance
    assert own_data(finance)["bank_details_read"][0]["organisation"] == "lamp"
    told = own_data(owner)["bank_details_entered"][0]
    assert (told["ends_in"], told["state"]) == ("5432", "pending")


def test_the_old_contact_and_all_owners_are_told_at_once(organisation, owner, second):
    confirm_bank_details(enter_bank_details(organisation, DATA, by=owner), by=second, iban=IBAN)
    OutgoingMail.objects.all().delete()
    enter_bank_details(organisation, BankData("Lamp", OTHER, "", "thief@example.org"), by=second)
    mails = {mail.to_email: mail for mail in OutgoingMail.objects.filter(kind="people.bank_asked")}
    assert set(mails) == {"owner@lamp.example", "second@lamp.example", "treasurer@lamp.example"}
    assert mails["owner@lamp.example"].language == "sv"
    assert mails["treasurer@lamp.example"].context["ending_before"] == "5432"
    assert mails["treasurer@lamp.example"].context["ending"] == "0695"


def test_the_account_before_counts_until_the_new_one_is_confirmed(organisation, owner, second):
    first = confirm_bank_details(enter_bank_details(organisation, DATA, by=owner), by=second, iban=IBAN)
    new = enter_bank_details(organisation, BankData("Lamp", OTHER), by=second)
    assert BankDetails.objects.get(state=BankState.CONFIRMED) == first
    confirm_bank_details(new, by=owner, iban=OTHER)
    assert BankDetails.objects.get(state=BankState.CONFIRMED) == new
    first.refresh_from_db()
    assert (first.state, first.decided_by) == (BankState.REPLACED, second)


def test_what_is_refused_or_taken_back_is_emptied(organisation, owner, second):
    refused = enter_bank_details(organisation, DATA, by=owner)
    refuse_bank_details(refused, by=second, reason="Not ours.")
    taken = enter_bank_details(organisation, DATA, by=owner)
    withdraw_bank_details(taken, by=owner)
    assert set(BankDetails.objects.values_list("state", "sealed")) == {("refused", ""), ("withdrawn", "")}
    for act in (
        lambda: confirm_bank_details(taken, by=second, iban=IBAN),
        lambda: refuse_bank_details(refused, by=second, reason="x"),
        lambda: withdraw_bank_details(taken, by=owner),
    ):
        with pytest.raises(DomainError) as no:
            act()
        assert no.value.code == "state"
    with pytest.raises(IntegrityError), transaction.atomic():
        BankDetails.objects.update(sealed="x")


def test_one_waits_at_a_time_and_the_same_is_not_entered_twice(organisation, owner, second):
    details = enter_bank_details(organisation, DATA, by=owner)
    with pytest.raises(DomainError) as refused:
        enter_bank_details(organisation, BankData("Lamp", OTHER), by=second)
    assert refused.value.code == "pending"
    confirm_bank_details(details, by=second, iban=IBAN)
    with pytest.raises(DomainError) as refused:
        enter_bank_details(organisation, DATA, by=owner)
    assert refused.value.code == "same"


def test_without_a_key_nothing_is_taken(organisation, owner, settings, client):
    settings.KOINE_BANK_KEYS = []
    with pytest.raises(DomainError) as refused:
        enter_bank_details(organisation, DATA, by=owner)
    assert refused.value.code == "no_key"
    page = sign_in(client, owner).get(f"/en/desk/organisations/{organisation.slug}/bank/").content.decode()
    assert "takes no bank details yet" in page
    assert "bank/enter/" not in page


def test_keys_are_changed_without_losing_anything(organisation, owner, finance, settings, capsys):
    details = enter_bank_details(organisation, DATA, by=owner)
    old, new = settings.KOINE_BANK_KEYS[0], Fernet.generate_key().decode()
    settings.KOINE_BANK_KEYS = [new, old]
    assert read_bank_details(details, by=finance).iban == IBAN
    call_command("seal_bank_details")
    assert "1 sealed" in capsys.readouterr().out
    settings.KOINE_BANK_KEYS = [new]
    details.refresh_from_db()
    assert read_bank_details(details, by=finance).iban == IBAN
    settings.KOINE_BANK_KEYS = [old]
    with pytest.raises(DomainError) as refused:
        read_bank_details(details, by=finance)
    assert refused.value.code == "wrong_key"
    with pytest.raises(CommandError):
        call_command("seal_bank_details")


def test_what_is_no_key_stops_the_start(monkeypatch):
    monkeypatch.setenv("KOINE_TRIED_KEYS", "too-short")
    with pytest.raises(ImproperlyConfigured, match="KOINE_TRIED_KEYS: its value is not a keys"):
        env.keys("KOINE_TRIED_KEYS")
    one, two = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("KOINE_TRIED_KEYS", f"{one}, {two}")
    assert env.keys("KOINE_TRIED_KEYS") == [one, two]
    env.VARIABLES.pop("KOINE_TRIED_KEYS")


def test_a_merger_takes_no_account_over(organisation, owner, second, operator):
    confirm_bank_details(enter_bank_details(organisation, DATA, by=owner), by=second, iban=IBAN)
    enter_bank_details(organisation, BankData("Lamp", OTHER), by=owner)
    other = register_organisation(person("other@two.example"), OrganisationData("Two", OrganisationKind.NGO))
    merge_organisations(organisation, other, by=operator, reason="The same.")
    assert not other.bank_details.exists()
    assert set(organisation.bank_details.values_list("state", flat=True)) == {"replaced", "withdrawn"}


@pytest.mark.django_db(transaction=True)
def test_of_a_confirmation_and_a_refusal_at_once_one_is_given():
    owner, second, third = (person(f"{who}@lamp.example") for who in ("owner", "second", "third"))
    organisation = register_organisation(owner, OrganisationData("Lamp", OrganisationKind.NGO))
    for one in (second, third):
        add_member(organisation, one, MemberRole.OWNER)
    for _turn in range(4):
        details = enter_bank_details(organisation, BankData("Lamp", IBAN if _turn % 2 else OTHER), by=owner)
        number = IBAN if _turn % 2 else OTHER

        def act(n, details=details, number=number):
            if n:
                return refuse_bank_details(details, by=third, reason="Not ours.")
            return confirm_bank_details(details, by=second, iban=number)

        results = in_threads(2, act)
        refused = [found for found in results if isinstance(found, DomainError)]
        assert [error.code for error in refused] == ["state"], results
        assert BankDetails.objects.filter(state=BankState.CONFIRMED).count() <= 1
        BankDetails.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_enter_at_once_one_is_told_to_wait():
    owner, second = person("owner@lamp.example"), person("second@lamp.example")
    organisation = register_organisation(owner, OrganisationData("Lamp", OrganisationKind.NGO))
    add_member(organisation, second, MemberRole.OWNER)
    results = in_threads(
        2, lambda n: enter_bank_details(organisation, BankData("Lamp", (IBAN, OTHER)[n]), by=(owner, second)[n])
    )
    assert [found.code for found in results if isinstance(found, DomainError)] == ["pending"], results
    assert BankDetails.objects.count() == 1
