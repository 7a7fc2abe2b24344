"""The practices of a collection: added, moved, commented on, by several people at once, and nothing is lost."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection
from django.test import Client

from network.doors import DomainError
from practices.domain import add_bookmark, archive_practice, collection_order as verbs
from practices.domain.collection_order import Arrangement, Step, Typed, add_practices, arrange
from practices.models import Collection, CollectionItem
from practices.queries.collections import contents, ids_in_order
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.collecting import circle

pytestmark = pytest.mark.django_db


def signed(user) -> Client:
    return sign_in(Client(), user)


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def practices():
    by = build.operator()
    return [build.practice(by, {"en": build.version(f"P{n}")}) for n in range(4)]


@pytest.fixture
def ring(practices):
    return circle(*practices)


def shape(collection) -> list[tuple[str, list[str]]]:
    """Chapters with the titles of what stands in them."""
    found = contents(collection, "en", empty_chapters=True)
    return [
        (chapter.title, [row.card.title if row.card else "-" for row in chapter.rows]) for chapter in found.chapters
    ]


def step(ring, verb: str, thing: int = 0, title: str = "") -> None:
    arrange(ring.collection, Arrangement(), Step(verb, thing, title), by=ring.editor)


def chapters(ring) -> list[int]:
    return list(ring.collection.chapters.order_by("position").values_list("pk", flat=True))


# --- moving ----------------------------------------------------------------------------------------------------------------


def test_practices_move_up_and_down_and_across_chapters(ring, practices):
    p = [practice.pk for practice in practices]
    step(ring, "chapter_add", title="First part")
    step(ring, "chapter_add", title="Second part")
    one, two = chapters(ring)
    arrange(
        ring.collection, Arrangement(chapters={p[2]: Typed("", str(one)), p[3]: Typed("", str(two))}), by=ring.editor
    )
    assert shape(ring.collection) == [("", ["P0", "P1"]), ("First part", ["P2"]), ("Second part", ["P3"])]
    step(ring, "down", p[1])
    assert shape(ring.collection) == [("", ["P0"]), ("First part", ["P1", "P2"]), ("Second part", ["P3"])]
    step(ring, "up", p[3])
    assert shape(ring.collection) == [("", ["P0"]), ("First part", ["P1", "P2", "P3"]), ("Second part", [])]
    step(ring, "up", p[3])
    step(ring, "down", p[0])
    assert shape(ring.collection) == [("First part", ["P0", "P1", "P3", "P2"]), ("Second part", [])]
    step(ring, "first", p[2])
    assert shape(ring.collection) == [("", ["P2"]), ("First part", ["P0", "P1", "P3"]), ("Second part", [])]
    assert ids_in_order(ring.collection) == [p[2], p[0], p[1], p[3]]
    step(ring, "chapter_up", two)
    assert [title for title, _rows in shape(ring.collection)] == ["", "Second part", "First part"]
    step(ring, "chapter_remove", one)
    assert shape(ring.collection) == [("", ["P2"]), ("Second part", ["P0", "P1", "P3"])]
    step(ring, "remove", p[1])
    assert ids_in_order(ring.collection) == [p[2], p[0], p[3]]


def test_ends_and_things_that_are_gone_are_nowhere_to_move(ring, practices):
    p = [practice.pk for practice in practices]
    for verb, thing in (
        ("up", p[0]),
        ("down", p[3]),
        ("up", 10**9),
        ("remove", 0),
        ("chapter_up", 7),
        ("chapter_remove", 7),
    ):
        step(ring, verb, thing)
    assert ids_in_order(ring.collection) == p
    other = circle_of_another(practices)
    with pytest.raises(DomainError):
        arrange(other, Arrangement(), Step("up", p[1]), by=ring.editor)


def circle_of_another(practices) -> Collection:
    made = Collection.objects.create(title="Another", language="en")
    CollectionItem.objects.create(collection=made, practice=practices[0])
    return made


def test_a_chapter_of_another_collection_is_nowhere_to_put_a_practice(ring, practices):
    foreign = circle_of_another(practices).chapters.create(title="Theirs")
    pk = practices[0].pk
    assert not arrange(ring.collection, Arrangement(chapters={pk: Typed("", str(foreign.pk))}), by=ring.editor)
    assert CollectionItem.objects.get(collection=ring.collection, practice=pk).chapter is None


# --- two at once -------------------------------------------------------------------------------------------------------------


def test_what_two_people_type_on_different_practices_is_all_saved(ring, practices):
    one, two = practices[0].pk, practices[1].pk
    both = {one: Typed("", ""), two: Typed("", "")}
    arrange(ring.collection, Arrangement(comments={**both, one: Typed("", "From the owner")}), by=ring.owner)
    clashes = arrange(
        ring.collection, Arrangement(comments={**both, two: Typed("", "From the editor")}), by=ring.editor
    )
    assert not clashes
    assert dict(ring.collection.items.exclude(comment="").values_list("practice", "comment")) == {
        one: "From the owner",
        two: "From the editor",
    }


def test_what_two_people_type_on_the_same_is_shown_side_by_side_and_nothing_is_overwritten(ring, practices):
    one, two = practices[0].pk, practices[1].pk
    page = f"{ring.collection.get_absolute_url()}order/"
    arrange(ring.collection, Arrangement(comments={one: Typed("", "Theirs")}), by=ring.owner)
    client = signed(ring.editor)
    sent = {
        f"comment-{one}": "Mine", f"was-comment-{one}": "", f"comment-{two}": "Beside", f"was-comment-{two}": "",
        "step": f"down:{one}",
    }  # fmt: skip
    answer = text_of(client.post(page, sent))
    assert "Somebody else changed the same" in answer
    assert "<bdi>Theirs</bdi>" in answer
    assert f'name="comment-{one}" value="Mine"' in answer
    assert f'name="was-comment-{one}" value="Theirs"' in answer
    comments = dict(ring.collection.items.values_list("practice", "comment"))
    assert (comments[one], comments[two]) == ("Theirs", "Beside")
    again = {f"comment-{one}": "Mine", f"was-comment-{one}": "Theirs"}
    assert client.post(page, again)["Location"] == ring.collection.get_absolute_url()
    assert ring.collection.items.get(practice=one).comment == "Mine"


def test_titles_and_chapters_clash_alike(ring, practices):
    step(ring, "chapter_add", title="One")
    step(ring, "chapter_add", title="Two")
    one, two = chapters(ring)
    pk = practices[0].pk
    arrange(
        ring.collection,
        Arrangement(titles={one: Typed("One", "Uno")}, chapters={pk: Typed("", str(one))}),
        by=ring.owner,
    )
    mine = Arrangement(titles={one: Typed("One", "Eins")}, chapters={pk: Typed("", str(two))})
    clashes = arrange(ring.collection, mine, by=ring.editor)
    assert (clashes.titles[one].mine, clashes.titles[one].theirs) == ("Eins", "Uno")
    assert (clashes.chapters[pk].mine, clashes.chapters[pk].theirs) == (str(two), str(one))
    page = f"{ring.collection.get_absolute_url()}order/"
    sent = {f"title-{one}": "Eins", f"was-title-{one}": "One", f"chapter-{pk}": str(two), f"was-chapter-{pk}": ""}
    answer = text_of(signed(ring.editor).post(page, sent))
    assert answer.count("Somebody saved meanwhile:") == 2


@pytest.mark.django_db(transaction=True)
def test_moves_and_additions_of_many_at_once_all_count():
    by = build.operator()
    made = [build.practice(by) for _n in range(8)]
    ring = circle(*made[:4])
    start, failures = threading.Barrier(8), []

    def work(number: int) -> None:
        start.wait()
        try:
            if number % 2:
                add_practices(ring.collection, [one.pk for one in made[3:]], by=ring.editor)
            else:
                arrange(
                    ring.collection,
                    Arrangement(comments={made[number // 2].pk: Typed("", f"by {number}")}),
                    Step("down", made[0].pk),
                    by=ring.owner,
                )
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[n]) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    order = ids_in_order(ring.collection)
    assert sorted(order) == sorted(one.pk for one in made)
    # Four moves of one place each, whoever came when.
    assert order.index(made[0].pk) in {3, 4}
    assert len({item.position for item in ring.collection.items.all()}) == 8
    assert ring.collection.items.exclude(comment="").count() == 4


# --- bad input ---------------------------------------------------------------------------------------------------------------


def test_what_can_not_be_saved_is_said_and_stays_in_the_form(ring, practices):
    pk, page, client = practices[0].pk, f"{ring.collection.get_absolute_url()}order/", signed(ring.editor)
    answer = text_of(client.post(page, {f"comment-{pk}": "w " * 200, "step": f"down:{pk}"}))
    assert "Nothing is saved yet" in answer
    assert "at most 300 characters" in answer
    assert "w w w" in answer
    answer = text_of(client.post(page, {f"comment-{pk}": "Typed", "new_title": " ", "step": "chapter_add:0"}))
    assert "Enter the title of the new chapter" in answer
    assert 'value="Typed"' in answer
    assert ring.collection.items.exclude(comment="").count() == 0
    assert ids_in_order(ring.collection)[0] == pk


@pytest.mark.parametrize("sent", [{"step": "fly:1"}, {"step": "up:x"}, {"step": "up:" + "9" * 40}, {"comment-x": "y", "comment-": "z", "comment-99999999999999999999": "q"}])  # fmt: skip
def test_what_no_button_sends_changes_nothing(ring, practices, sent):
    assert signed(ring.editor).post(f"{ring.collection.get_absolute_url()}order/", sent).status_code == 302
    assert ids_in_order(ring.collection) == [one.pk for one in practices]


def test_chapters_have_a_most(ring, monkeypatch):
    monkeypatch.setattr(verbs, "MOST_CHAPTERS", 1)
    step(ring, "chapter_add", title="One")
    with pytest.raises(DomainError, match="30 chapters"):
        step(ring, "chapter_add", title="Two")


def test_the_button_pressed_last_keeps_the_focus(ring, practices):
    page, client, pk = f"{ring.collection.get_absolute_url()}order/", signed(ring.editor), practices[0].pk
    answer = client.post(page, {"step": f"down:{pk}"}, follow=True).content.decode()
    assert re.findall(r'value="([^"]+)" autofocus', answer) == [f"down:{pk}"]


# --- adding ------------------------------------------------------------------------------------------------------------------


def test_practices_are_added_once_and_only_public_ones(ring, practices):
    by = build.operator()
    new, archived, draft = (
        build.practice(by),
        archive_practice(build.practice(by), by=by),
        build.practice(by, published=False),
    )
    wanted = [practices[0].pk, new.pk, archived.pk, draft.pk, 10**9, new.pk]
    added = add_practices(ring.collection, wanted, by=ring.editor)
    assert (added.added, added.known, added.gone, added.over) == (1, 1, 3, 0)
    assert ids_in_order(ring.collection) == [*(one.pk for one in practices), new.pk]


def test_there_is_room_for_two_hundred_and_the_rest_is_said(ring, monkeypatch):
    by = build.operator()
    monkeypatch.setattr(verbs, "MOST_PRACTICES", 5)
    more = [build.practice(by).pk for _n in range(3)]
    address = "/en/collections/add/?" + "&".join(f"practice={pk}" for pk in more)
    page = signed(ring.editor).post(address, {"collection": ring.collection.opaque_id}, follow=True).content.decode()
    assert "1 practice is added. 2 found no room: a collection holds 200." in page
    assert ids_in_order(ring.collection)[4:] == more[:1]


def test_from_a_practices_page_to_a_new_collection(practices):
    user = build.person()
    client = signed(user)
    page = text_of(client.get(practices[0].get_absolute_url()))
    address = re.search(r'href="([^"]+/collections/add/\?practice=\d+)"', page)[1]
    assert Client().get(address)["Location"].startswith("/en/accounts/login/")
    assert "P0" in text_of(client.get(address))
    assert "Enter a title" in text_of(client.post(address, {"collection": "new", "title": ""}))
    assert Collection.objects.count() == 0
    answer = client.post(address, {"collection": "new", "title": "Mine"})
    made = Collection.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.title, made.visibility, ids_in_order(made)) == ("Mine", "private", [practices[0].pk])


def test_all_results_of_a_search_are_added_in_its_order(ring, practices):
    by = build.operator()
    found = [build.practice(by, {"en": build.version(title)}) for title in ("Lamp one", "Lamp two")]
    client = signed(ring.editor)
    results = text_of(client.get("/en/practices/", {"q": "lamp", "page": "1"}))
    address = re.search(r'href="(/en/collections/add/\?q=lamp)"', results)[1]
    assert "2 practices to add" in text_of(client.get(address))
    client.post(address, {"collection": ring.collection.opaque_id})
    assert set(ids_in_order(ring.collection)[4:]) == {one.pk for one in found}
    nothing = text_of(client.get("/en/collections/add/?q=nothingatall"))
    assert "Nothing to add" in nothing


def test_a_search_that_finds_more_than_there_is_room_for_is_cut_and_says_so(ring, monkeypatch):
    monkeypatch.setattr("practices.views.collection_order.MOST_PRACTICES", 2)
    page = text_of(signed(ring.editor).get("/en/collections/add/?sort=newest"))
    assert "only the first 2 are added" in page


def test_from_bookmarks_the_chosen_ones_are_added(ring):
    by, user = build.operator(), ring.editor
    one, two = build.practice(by), build.practice(by)
    for practice in (one, two):
        add_bookmark(practice, by=user)
    client = signed(user)
    answer = client.post("/en/desk/bookmarks/remove/", {"practice": [two.pk, one.pk], "collect": "1"})
    assert answer["Location"] == f"/en/collections/add/?practice={two.pk}&practice={one.pk}"
    client.post(answer["Location"], {"collection": ring.collection.opaque_id})
    assert ids_in_order(ring.collection)[4:] == [two.pk, one.pk]
    assert user.bookmarks.count() == 2
    nothing = client.post("/en/desk/bookmarks/remove/", {"collect": "1"})["Location"]
    assert "Nothing to add" in text_of(client.get(nothing))


def test_only_collections_that_one_may_write_are_offered(ring, practices):
    for user, offered in ((ring.owner, True), (ring.editor, True), (ring.viewer, False), (ring.stranger, False)):
        client, address = signed(user), f"/en/collections/add/?practice={practices[0].pk}"
        assert (ring.collection.opaque_id in text_of(client.get(address))) is offered
        answer = client.post(address, {"collection": ring.collection.opaque_id})
        assert answer.status_code == (302 if offered else 200)
