"""Organisations that may be the same: by number, name, website and mail domain, with the reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from network.people.domain.organisations import OrganisationData, add_member, register_organisation
from network.people.enums import IdentifierScheme, MemberRole, OrganisationKind
from network.people.models import Organisation
from network.people.queries.duplicates import Why, likes_of, possible_duplicates
from network.people.rules.likeness import ALIKE, folded, likeness, mail_domain, site_of
from tests.people.signing import person


def best(one, other):
    return max(likeness(a, b) for a in folded(one) for b in folded(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lantern Yard Neighbours", "Lantern Yard Neighbours CIO"),
        ("Lantern Yard Neighbours", "LanternYard Neighbors"),
        ("Föreningen Ljus i Malmö", "Foreningen Ljus i Malmoe AB"),
        ("Φως στη Γειτονιά", "ΦΩΣ ΣΤΗ ΓΕΙΤΟΝΙΑ ΑΜΚΕ"),
        ("Φως στη Γειτονιά", "Fos sti Geitonia"),
        ("حلقة نساء درب الزيتون", "حلقه نساء درب الزّيتون"),
        ("Associazione Città Aperta APS", "Associazione Citta' Aperta"),
        ("Verein Brückenbau e. V.", "Brueckenbau Verein"),
        ("The Kitchen of Aarhus", "Kitchen of Århus"),
    ],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert best(one, other) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lantern Yard Neighbours", "Third Platform Theatre"),
        ("Malmö Women’s Centre", "Malmö Youth Council"),
        ("Open City Athens", "Open Door Thessaloniki"),
        ("حلقة نساء درب الزيتون", "جمعية شباب تونس"),
    ],
)
def test_different_names_are_not(one, other):
    assert best(one, other) < ALIKE


def test_a_site_is_its_host_and_free_mail_tells_nothing():
    assert site_of("https://www.Lamp.example/about") == site_of("http://lamp.example") == "lamp.example"
    assert site_of("https://bücher.example") == site_of("https://xn--bcher-kva.example/")
    assert site_of("") == ""
    assert (mail_domain("nour@gmail.com"), mail_domain("nour@Lamp.example")) == ("", "lamp.example")


def organisation(name, email, *numbers, website=""):
    by = person(email)
    return register_organisation(by, OrganisationData(name, OrganisationKind.NGO, "SE", website, identifiers=numbers))


def reasons(one):
    return {row.name: [reason.why for reason in found] for row, found in possible_duplicates(one)}


def test_each_reason_is_told_with_what_is_the_same(db):
    lamp = organisation(
        "Lamp in Every Window", "a@lamp.example", (IdentifierScheme.SE_ON, "5567037485"), website="https://lamp.example"
    )
    organisation("Bolaget", "b@one.example", (IdentifierScheme.SE_BLV, "556703-7485"))
    organisation("A Lamp in Every Window", "c@two.example")
    organisation("Ljus", "d@three.example", website="https://www.lamp.example/sv")
    organisation("Another", "e@lamp.example")
    organisation("Nothing in common", "f@gmail.com")
    assert reasons(lamp) == {
        "Bolaget": [Why.NUMBER],
        "A Lamp in Every Window": [Why.NAME],
        "Ljus": [Why.WEBSITE],
        "Another": [Why.EMAIL],
    }
    words = {row.name: found[0].words for row, found in possible_duplicates(lamp)}
    assert "5567037485" in words["Bolaget"]
    assert "lamp.example" in words["Another"]


def test_free_mail_and_the_archive_are_not_alike(db):
    lamp = organisation("Lamp", "a@gmail.com")
    organisation("Other", "b@gmail.com")
    gone = organisation("Lamp", "c@two.example")
    Organisation.objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    assert reasons(lamp) == {}


def test_names_in_every_language_are_compared(db):
    lamp = organisation("Lykta", "a@lamp.example")
    with translation.override("el"):
        other = organisation("Λυχνάρι", "b@two.example")
    Organisation.objects.filter(pk=lamp.pk).update(name_el="Λυχνάρι")
    assert possible_duplicates(lamp)[0][0] == other


def test_a_word_in_very_many_names_is_no_reason_and_costs_no_more_queries(db):
    lamp = organisation("Lamp Neighbourhood", "a@lamp.example")
    with CaptureQueriesContext(
        connection,
    ) as few:
        likes_of([lamp])
    Organisation.objects.bulk_create(
        Organisation(slug=f"o{n}", kind="ngo", name_en=f"Neighbourhood {n:04} of the {n * 7919 % 10007}")
        for n in range(60)
    )
    rows = list(Organisation.objects.all())
    with CaptureQueriesContext(connection) as many:
        found = likes_of(rows)
    assert len(many) == len(few) == 4
    assert found[lamp.pk] == {}


def test_a_members_address_counts_once_the_account_is_open(db):
    lamp = organisation("Lamp", "a@lamp.example")
    other = organisation("Other", "b@two.example")
    friend = person("c@lamp.example")
    add_member(other, friend, MemberRole.VIEWER)
    assert reasons(lamp) == {"Other": [Why.EMAIL]}
    friend.is_active = False
    friend.save()
    assert reasons(lamp) == {}
