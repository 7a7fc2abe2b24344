"""Numbers in registers: canonical form, format and check digit of each register, and what a refusal says."""

import pytest

from network.doors import DomainError
from network.people.domain.organisations import (
    OrganisationData,
    WrongNumber,
    register_organisation,
    update_organisation,
)
from network.people.enums import IdentifierScheme as S, OrganisationKind
from network.people.forms.organisations import OrganisationForm
from network.people.models import Organisation, OrganisationIdentifier
from network.people.rules.numbers import REGISTERS, canonical, fault
from tests.people.signing import person, sign_in

# What people type, and how it is kept. Numbers with a check digit are those the registers or python-stdnum publish.
GOOD = [
    (S.SE_ON, "556703-7485", "5567037485"),
    (S.SE_BLV, "5567037485", "5567037485"),
    (S.NO_BRC, "988 077 917", "988077917"),
    (S.FI_PRO, "2077474-0", "20774740"),
    (S.DK_CVR, "13 58 56 28", "13585628"),
    (S.GR_AFM, "٠٩٤٢٥٩٢١٦", "094259216"),
    (S.GR_GEMI, "000123401000", "000123401000"),
    (S.IT_CF, "00743110157", "00743110157"),
    (S.IT_PIVA, "0074 3110 157", "00743110157"),
    (S.FR_SIREN, "552 008 443", "552008443"),
    (S.FR_RNA, "w751234567", "W751234567"),
    (S.ES_NIF, "J-99216582", "J99216582"),
    (S.IS_RSK, "450401-3150", "4504013150"),
    (S.BE_BCE_KBO, "0403.019.261", "0403019261"),
    (S.XI_LEI, "213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15"),
    (S.GB_CHC, "1156077-2", "1156077-2"),
    (S.GB_COH, "1234567", "01234567"),
    (S.GB_COH, "sc 123456", "SC123456"),
    (S.GB_SC, "SC012345", "SC012345"),
    (S.GB_NIC, "nic100123", "NIC100123"),
    (S.DE_CR, "Amtsgericht Bonn hrb8146", "Amtsgericht Bonn HRB 8146"),
    (S.NL_KVK, "01234567", "01234567"),
    (S.XI_WIKIDATA, "q42", "Q42"),
    (S.OTHER, "A 17/2", "A17/2"),
]


@pytest.mark.parametrize(("scheme", "typed", "kept"), GOOD)
def test_what_people_type_is_kept_in_the_registers_form(scheme, typed, kept):
    assert canonical(scheme, typed) == kept
    assert canonical(scheme, kept) == kept
    assert fault(scheme, kept) is None


def test_each_register_has_a_good_example():
    for scheme, register in REGISTERS.items():
        assert fault(scheme, canonical(scheme, register.example)) is None, scheme


@pytest.mark.parametrize("scheme", [scheme for scheme, register in REGISTERS.items() if register.check])
def test_a_mistyped_digit_is_noticed(scheme):
    number = canonical(scheme, REGISTERS[scheme].example)
    place = next(n for n, character in enumerate(number) if character.isdecimal() and n > 2)
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert "check digit" in str(fault(scheme, wrong))


@pytest.mark.parametrize(
    ("scheme", "typed"),
    [
        (S.SE_ON, "55670374"),
        (S.GB_CHC, "12345"),
        (S.GB_COH, "ABC12345"),
        (S.GB_LAE, "B1R"),
        (S.FR_RNA, "751234567"),
        (S.XI_WIKIDATA, "Q0"),
        (S.NL_KVK, "1234567\u0661x"),
    ],
)
def test_another_registers_form_is_told_with_an_example(scheme, typed):
    assert REGISTERS[scheme].example in str(fault(scheme, canonical(scheme, typed)))


@pytest.mark.parametrize(("scheme", "number"), [("NO-SUCH", "1"), (S.OTHER, ""), (S.OTHER, "9" * 65)])
def test_no_register_or_no_number_is_no_number(scheme, number):
    assert fault(scheme, number) is not None


def data(*numbers):
    return OrganisationData("Lamp", OrganisationKind.NGO, "SE", identifiers=numbers)


def test_the_domain_refuses_a_number_its_register_never_gave(db):
    owner = person("owner@example.org")
    with pytest.raises(WrongNumber) as refused:
        register_organisation(owner, data((S.SE_ON, "556703-7486")))
    assert (refused.value.code, refused.value.pair) == ("number", (S.SE_ON, "556703-7486"))
    assert not Organisation.objects.exists()


def test_two_spellings_of_one_number_are_one_number(db):
    owner = person("owner@example.org")
    register_organisation(owner, data((S.SE_ON, "556703-7485"), (S.SE_ON, "5567037485")))
    assert OrganisationIdentifier.objects.get().number == "5567037485"
    with pytest.raises(DomainError) as refused:
        register_organisation(owner, data((S.SE_ON, "55 67 03 74 85")))
    assert refused.value.code == "number_taken"


def test_a_number_from_before_numbers_were_checked_does_not_stop_another_change(db):
    owner = person("owner@example.org")
    organisation = register_organisation(owner, data())
    OrganisationIdentifier.objects.create(organisation=organisation, scheme=S.SE_ON, number="123")
    update_organisation(organisation, data((S.SE_ON, "123")), by=owner, version=1)
    form = OrganisationForm(
        {"name": "Lamp", "kind": "ngo", "country": "SE", "scheme_0": "SE-ON", "number_0": "123"},
        organisation=organisation,
    )
    assert form.is_valid(), form.errors
    with pytest.raises(WrongNumber):
        update_organisation(organisation, data((S.SE_ON, "124")), by=owner, version=2)


def test_the_refusal_stands_beside_the_number(db, client):
    browser = sign_in(client, person("owner@example.org"))
    typed = {"name": "Lamp", "kind": "ngo", "country": "SE", "scheme_0": "SE-ON", "number_0": "556703-7486"}
    page = browser.post("/en/desk/register-organisation/", typed)
    assert list(page.context["form"].errors) == ["number_0"]
    assert "check digit" in page.content.decode()
    assert 'value="556703-7486"' in page.content.decode()
    assert not Organisation.objects.exists()


def test_a_number_of_another_organisation_is_told_beside_its_own_row(db, client):
    first = person("first@example.org")
    register_organisation(first, data((S.SE_ON, "5567037485")))
    owner = person("owner@example.org")
    mine = register_organisation(owner, data((S.OTHER, "77")))
    typed = {"name": "Lamp", "kind": "ngo", "country": "SE", "version": "1"}
    typed |= {"scheme_0": "SE-ON", "number_0": "556703-7485", "scheme_1": "OTHER", "number_1": "77"}
    page = sign_in(client, owner).post(f"/en/desk/organisations/{mine.slug}/edit/", typed)
    assert list(page.context["form"].errors) == ["number_0"]
    assert [row.number for row in mine.identifiers.all()] == ["77"]
