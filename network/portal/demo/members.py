"""Organisations, cities with their contacts, networks and memberships: the facts."""

from __future__ import annotations

from cities.domain import CityDetails, ContactDetails, add_contact, register_city
from network.audit.context import because
from network.membership.domain import Admission, NetworkDetails, add_region, admit_member, create_network, decide
from network.membership.enums import DecisionKind
from network.people.domain.directory import OrganisationRecord, record_organisation
from network.portal.demo.content import known_day, number, read, source, texts
from network.portal.demo.record import Loaded

END_OF_PROGRAMME = "The programme ended."


def record_organisations(loaded: Loaded) -> None:
    """The organisations of the facts and the fictional applicants."""
    for told in [*read("organisations"), *read("people", "organisations")]:
        loaded.organisations[told["slug"]] = record_organisation(
            OrganisationRecord(
                slug=told["slug"],
                names=told["names"],
                kind=told["kind"],
                country=told["country"] or "",
                website=told["website"] or "",
                description=texts(told["description"]),
                identifiers=tuple((one["scheme"], one["number"]) for one in told.get("identifiers") or ()),
                source=source(told["source"]),
                demo=told["demo"],
            ),
            by=loaded.operator,
        )


def register_cities(loaded: Loaded) -> None:
    """The cities with their names in every language that has one."""
    for told in read("cities"):
        loaded.cities[told["slug"]] = register_city(
            CityDetails(
                slug=told["slug"],
                kind=told["kind"],
                names=told["names"],
                native_name=told["native_name"] or "",
                native_language=told["native_language"] or "",
                also_known_as=tuple(told["also_known_as"]),
                country=told["country"],
                region=told["region"],
                latitude=number(told["latitude"]),
                longitude=number(told["longitude"]),
                population=told["population"],
                population_year=told["population_year"],
                population_source=source(told["population_source"]),
                population_approximate=bool(told["population_approximate"]),
                languages=tuple(told["languages"]),
                website=told["website"] or "",
                identifiers={"wikidata": told["wikidata"]} if told["wikidata"] else {},
                source=source(told["source"]),
            ),
            by=loaded.operator,
        )


def add_contacts(loaded: Loaded) -> None:
    """Office-holders as of the date on which the facts name them."""
    for told in read("contacts"):
        add_contact(
            loaded.cities[told["city"]],
            ContactDetails(
                kind=told["kind"],
                name=told["name"],
                roles=texts(told["role"]),
                email=told["email"] or "",
                phone=told["phone"] or "",
                public=told["public"],
                as_of=told["as_of"],
                source=source(told["source"]),
            ),
            by=loaded.operator,
        )


def create_networks(loaded: Loaded) -> None:
    """The networks with their own regions; a part comes after its whole."""
    waiting = sorted(read("networks"), key=lambda told: told["parent"] is not None)
    for told in waiting:
        founded, precision = known_day(told["founded"])
        network = loaded.networks[told["id"]] = create_network(
            NetworkDetails(
                slug=told["slug"],
                names=told["names"],
                kind=told["kind"],
                abbreviation=told["abbreviation"] or "",
                purpose=texts(told["purpose"]),
                founded_on=founded,
                founded_precision=precision,
                secretariat=loaded.organisations.get(told["secretariat_organisation"] or ""),
                secretariat_city=loaded.cities.get(told["secretariat_city"] or ""),
                secretariat_note=texts(told["secretariat_text"]),
                country=told["country"] or "",
                parent=loaded.networks.get(told["parent"] or ""),
                enabled_languages=tuple(told["enabled_languages"]),
                region_scheme=texts((told["region_scheme"] or {}).get("names")),
                website=told["website"] or "",
                source=source(told["source"]),
            ),
            by=loaded.operator,
        )
        for position, region in enumerate(told["regions"]):
            loaded.regions[told["id"], region["code"]] = add_region(
                network, region["code"], region["names"], position=position, by=loaded.operator
            )


def admit_members(loaded: Loaded) -> None:
    """The memberships, each since the day that is known, or since ever; partnerships end with their programme."""
    programmes = {told["id"]: told["name"] for told in read("memberships", "programmes")}
    for told in read("memberships"):
        joined, precision = known_day(told["since"])
        known, known_precision = known_day(told["known_by"])
        membership = admit_member(
            loaded.networks[told["network"]],
            loaded.cities[told["city"]],
            Admission(
                kind=told["kind"],
                joined_on=joined,
                joined_precision=precision,
                known_on=known,
                known_precision=known_precision,
                act=texts(told["act"]),
                role=texts(told["role"]),
                programme=programmes.get(told["programme"] or "", ""),
                founding=told["founding"],
                confirmed=told["confirmed"],
                region=loaded.regions.get((told["network"], told["region"] or "")),
                source=source(told["source"]),
            ),
            by=loaded.operator,
        )
        ended, ended_precision = known_day(told["until"])
        if ended:
            decide(
                membership,
                DecisionKind.END,
                by=loaded.operator,
                effective_on=ended,
                precision=ended_precision,
                reason=END_OF_PROGRAMME,
            )
            because("")  # The transaction goes on; the reason was this one decision's.
        loaded.memberships.append(membership)
