"""Who may write, publish and archive; what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from network.doors import Denied, DomainError
from network.people.enums import RoleKind, ScopeKind
from network.people.models import Role
from practices.domain import (
    NewPractice,
    PracticeFacts,
    ResultFields,
    Scores,
    add_adoption,
    add_peer_review,
    add_result,
    archive_practice,
    create_practice,
    create_theme,
    edit_practice,
    publish_practice,
    rename_theme,
    restore_practice,
    set_texts,
)
from practices.models import Practice, SearchEntry
from practices.rules import can_create_practice, can_edit_practice, can_publish_practice
from tests.practices import builders as build

pytestmark = pytest.mark.django_db


def officer(city) -> object:
    user = build.person("Officer")
    Role.objects.create(user=user, kind=RoleKind.CITY_OFFICER, scope_kind=ScopeKind.CITY, scope_key=str(city.uuid))
    return user


def test_an_officer_writes_for_the_own_city_only_and_others_decide_what_is_public():
    own, other = build.city(), build.city()
    user = officer(own)
    assert can_create_practice(user, own)
    assert isinstance(can_create_practice(user, other), Denied)
    mine = build.practice(user, of=own, published=False)
    assert publish_practice(mine, by=build.operator()).state == "published"
    draft = build.practice(user, of=own, published=False)
    theirs = build.practice(build.operator(), of=other, published=False)
    assert isinstance(can_edit_practice(user, theirs), Denied)
    for verb in (
        lambda: publish_practice(draft, by=user),
        lambda: publish_practice(theirs, by=user),
        lambda: set_texts(theirs, "en", {"title": "Mine now"}, by=user),
        lambda: edit_practice(theirs, PracticeFacts(), by=user),
        lambda: add_result(theirs, ResultFields({"en": "x"}, Decimal(1)), by=user),
        lambda: create_practice(NewPractice(other, "en", {"en": build.version("New")}), by=user),
    ):
        with pytest.raises(DomainError) as refused:
            verb()
        assert refused.value.code == "denied"


def test_somebody_without_a_role_may_nothing():
    practice = build.practice(build.operator(), published=False)
    user = build.person()
    assert not can_publish_practice(user, practice)
    with pytest.raises(DomainError):
        archive_practice(practice, by=user)
    with pytest.raises(DomainError):
        create_theme("mine", {"en": "Mine"}, by=user)


def test_the_workflow_goes_its_ways_and_no_others():
    by = build.operator()
    practice = build.practice(by)
    with pytest.raises(DomainError):
        publish_practice(practice, by=by)
    with pytest.raises(DomainError):
        restore_practice(practice, by=by)
    assert SearchEntry.objects.filter(practice=practice).exists()
    archive_practice(practice, by=by, reason="Asked by the city")
    assert not SearchEntry.objects.filter(practice=practice).exists()
    with pytest.raises(DomainError):
        set_texts(practice, "en", {"title": "Changed"}, by=by)
    assert restore_practice(practice, by=by).state == "draft"
    assert publish_practice(practice, by=by).published_at == practice.published_at


def test_publishing_needs_the_whole_original():
    by = build.operator()
    texts = {"el": {**build.version("Γέφυρα"), "actions": ""}, "en": build.version("Bridge")}
    draft = build.practice(by, texts, original="el", published=False)
    assert draft.languages == ["en"]
    with pytest.raises(DomainError) as refused:
        publish_practice(draft, by=by)
    assert refused.value.code == "incomplete"
    draft = set_texts(draft, "el", {"actions": "Μάθαμε."}, by=by)
    assert draft.languages == ["en", "el"]
    published = publish_practice(draft, by=by)
    with pytest.raises(DomainError) as refused:
        set_texts(published, "el", {"summary": ""}, by=by)
    assert refused.value.code == "incomplete"
    assert set_texts(published, "en", {"summary": ""}, by=by).languages == ["el"]


def test_two_people_at_once_are_told():
    by = build.operator()
    practice = build.practice(by)
    seen = practice.version
    set_texts(practice, "en", {"title": "First"}, by=by, expected_version=seen)
    with pytest.raises(DomainError) as refused:
        set_texts(practice, "en", {"title": "Second"}, by=by, expected_version=seen)
    assert refused.value.code == "changed"
    assert Practice.objects.get(pk=practice.pk).title_en == "First"


@pytest.mark.parametrize(
    ("field", "text"),
    [("title", "word " * 16), ("title", "x" * 201), ("summary", "λέξη " * 101), ("actions", "كلمة " * 401)],
)
def test_a_text_over_its_limit_is_refused_and_nothing_written(field, text):
    by = build.operator()
    practice = build.practice(by)
    with pytest.raises(DomainError) as refused:
        set_texts(practice, "en", {"strapline": "New", field: text}, by=by)
    assert refused.value.code == "too_long"
    assert not Practice.objects.get(pk=practice.pk).strapline_en


def test_texts_lose_controls_and_line_breaks_where_they_are_names():
    by = build.operator()
    practice = set_texts(
        build.practice(by), "en", {"title": "One\r\nBcc: two\u202e", "summary": "a\x07b\r\n\r\nc"}, by=by
    )
    assert practice.title_en == "One Bcc: two"
    assert practice.summary_en == "ab\n\nc"


def test_slugs_come_from_the_original_title_and_are_never_shared():
    by = build.operator()
    texts = {"ar": build.version("مطبخ مشترك")}
    slugs = [build.practice(by, texts).slug for _ in range(3)]
    assert slugs == ["مطبخ-مشترك", "مطبخ-مشترك-2", "مطبخ-مشترك-3"]
    with pytest.raises(DomainError):
        build.practice(by, slug=slugs[0])
    with pytest.raises(DomainError):
        build.practice(by, slug="not a slug")


def test_evidence_is_checked():
    by = build.operator()
    practice = build.practice(by)
    elsewhere = build.city()
    add_adoption(practice, elsewhere, 2024, {"sv": "Kortare"}, by=by)
    for verb in (
        lambda: add_adoption(practice, practice.city, 2024, by=by),
        lambda: add_adoption(practice, elsewhere, 2025, by=by),
        lambda: add_adoption(practice, build.city(), 3024, by=by),
        lambda: add_peer_review(practice, Scores(0, 5, 5, 5), by=by),
        lambda: add_result(practice, ResultFields({"en": "x"}, Decimal("1e13")), by=by),
        lambda: add_result(practice, ResultFields({"en": "x"}, Decimal("NaN")), by=by),
        lambda: add_result(practice, ResultFields({"en": "x" * 301}, Decimal(1)), by=by),
    ):
        with pytest.raises(DomainError):
            verb()
    assert practice.adoptions.count() == 1
    assert practice.results.count() == practice.peer_reviews.count() == 0


def test_a_renamed_theme_is_found_by_its_new_name(django_capture_on_commit_callbacks):
    by = build.operator()
    theme = build.theme("language", by)
    practice = build.practice(by, themes=["language"])
    before = SearchEntry.objects.get(practice=practice).tsv
    with django_capture_on_commit_callbacks(execute=True):
        rename_theme(theme, {"en": "Mother kitchens"}, by=by)
    after = SearchEntry.objects.get(practice=practice).tsv
    assert "kitchens" not in before
    assert "kitchens" in after
