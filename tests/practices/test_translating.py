"""A record's sections in another language: what is written, what stays, what is refused, and that it is found by it."""

from __future__ import annotations

import uuid

import pytest

from network.doors import DomainError
from practices.domain import archive_practice, publish_version, save_section, start_version, translate_sections
from practices.domain.versions import submit_version
from practices.models import Practice, SearchEntry, VersionSection
from practices.queries.finding import find
from practices.queries.matching import parse
from practices.queries.wanted import Wanted
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
SAID = {
    "about": {"started_on": "2019"},
    "blocks": {"rows": [{"title": "Verktygsskåp", "text": "Ett skåp på hjul.", "factors": "En nyckel i varje hus."}]},
    "transfer": {"rows": [{"kind": "condition", "text": "En gård."}]},
    "resources": {"funding": "Kommunen betalar."},
}


@pytest.fixture
def written():
    """A Swedish practice with an English translation, and a building block, a condition and a funding in Swedish."""
    by = build.operator()
    texts = {"sv": build.version("Cykelköket"), "en": build.version("Bicycle kitchen")}
    practice = build.practice(by, texts, original="sv", themes=[build.theme("peace", by).code])
    version = start_version(practice, by=by)
    for key, said in SAID.items():
        row = VersionSection.objects.get(version=version, section=key)
        save_section(version, key, {**row.data, **said}, revision=row.revision, by=by, at=row.updated_at)
    submit_version(version, by=by)
    return publish_version(version, by=by, unreviewed_because="Nobody else does this yet."), by


def found(words: str) -> list[int]:
    return find(Wanted(query=parse(words)), "en", 10, 0).ids


def refused(practice: Practice, code: str, sections, by) -> str:
    with pytest.raises(DomainError) as error:
        translate_sections(practice, code, sections, by=by)
    return error.value.code


def test_texts_stand_beside_the_original_and_are_found_in_their_language(written):
    practice, by = written
    block = practice.blocks.get()
    rows = {str(block.key): {"title": "Tool cupboard", "text": "A cupboard on <b>wheels</b>.\x00"}}
    translate_sections(practice, "en", {"blocks": {"rows": rows}, "resources": {"funding": "The city pays."}}, by=by)
    block.refresh_from_db()
    assert (block.title_sv, block.title_en) == ("Verktygsskåp", "Tool cupboard")
    assert "\x00" not in block.text_en
    assert block.factors_sv == "En nyckel i varje hus."
    assert not block.factors_en
    practice = Practice.objects.select_related("narrative").get(pk=practice.pk)
    assert practice.narrative.funding_en == "The city pays."
    assert practice.narrative.funding_sv == "Kommunen betalar."
    assert found("cupboard") == [practice.pk]
    assert SearchEntry.objects.filter(practice=practice).count() == 2


def test_a_later_version_keeps_the_translations_of_rows_that_stay(written):
    practice, by = written
    block = practice.blocks.get()
    translate_sections(practice, "en", {"blocks": {"rows": {str(block.key): {"title": "Tool cupboard"}}}}, by=by)
    version = start_version(practice, by=by)
    submit_version(version, by=by)
    publish_version(version, by=by, unreviewed_because="The same again.")
    assert practice.blocks.get().title_en == "Tool cupboard"


def test_what_can_not_be_is_refused_and_nothing_is_written(written):
    practice, by = written
    key, before = str(practice.blocks.get().key), Practice.objects.get(pk=practice.pk).version
    fits = {"resources": {"funding": "The city pays."}}
    assert refused(practice, "sv", fits, by) == "original"
    assert refused(practice, "xx", fits, by) == "language"
    assert refused(practice, "en", {**fits, "nothing": {}}, by) == "section"
    assert refused(practice, "en", {**fits, "blocks": {"rows": {str(uuid.uuid4()): {"title": "x"}}}}, by) == "row"
    assert refused(practice, "en", {**fits, "about": {"rows": {key: {"title": "x"}}}}, by) == "row"
    assert refused(practice, "en", {**fits, "blocks": {"rows": {key: {"title": "word " * 16}}}}, by) == "words"
    assert refused(practice, "en", fits, build.officer(build.city())) == "denied"
    kept = Practice.objects.select_related("narrative").get(pk=practice.pk)
    assert not kept.narrative.funding_en
    assert kept.version == before
    assert refused(archive_practice(practice, by=by), "en", fits, by) == "denied"
