"""Putting practices into a collection, and arranging them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from network.doors import DomainError, needs, signed_in
from network.frame.names import number_text
from practices.domain.collection_order import Added, Clashes, add_practices, arrange
from practices.domain.collections import CollectionTexts, create_collection
from practices.forms.collections import NEW, ChooseCollectionForm, SentArrangement, sent_arrangement
from practices.models import Collection
from practices.queries.bookmarks import public_ids
from practices.queries.cards import cards
from practices.queries.collections import contents, own_collection, writable_collections
from practices.rules.collections import MOST_PRACTICES, can_edit_collection
from practices.views.bookmarks import numbers
from practices.views.library import search_of

# So many of what is to be added are named; of more only the number is told.
NAMED = 20


@needs(can_edit_collection, own_collection)
@require_http_methods(["GET", "HEAD", "POST"])
def arrange_collection(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Order, chapters and comments in one form: each of its buttons saves all that was typed."""
    if request.method != "POST":
        return _order(request, collection)
    sent = sent_arrangement(request.POST)
    try:
        clashes = arrange(collection, sent.typed, sent.step, by=request.user)
    except DomainError as error:
        return _order(request, collection, sent, error=error)
    if clashes:
        return _order(request, collection, sent, clashes=clashes)
    if sent.step is None:
        messages.success(request, _("The order and the comments are saved."))
        return redirect(collection)
    at = urlencode({"step": f"{sent.step.verb}:{sent.step.thing}"})
    return redirect(f"{reverse('practices:arrange_collection', args=[collection.opaque_id])}?{at}")


def _order(
    request: HttpRequest,
    collection: Collection,
    sent: SentArrangement | None = None,
    *,
    error: DomainError | None = None,
    clashes: Clashes | None = None,
) -> HttpResponse:
    """The form: as the collection stands, with what was typed and could not be saved."""
    found = contents(collection, get_language() or "en", empty_chapters=True)
    titles = {str(chapter.id): chapter.title for chapter in found.chapters if chapter.id}
    unsaved = sent.typed if sent and error else None
    clashes = clashes or Clashes()
    rows: dict[int, dict[str, Any]] = {}
    for row in found.rows:
        place = str(row.chapter or "")
        typed_comment = unsaved.comments.get(row.practice) if unsaved else None
        typed_place = unsaved.chapters.get(row.practice) if unsaved else None
        comment_clash, place_clash = clashes.comments.get(row.practice), clashes.chapters.get(row.practice)
        rows[row.practice] = {
            "comment": typed_comment.now if typed_comment else comment_clash.mine if comment_clash else row.comment,
            "was": typed_comment.was if typed_comment else row.comment,
            "theirs": comment_clash.theirs if comment_clash else "",
            "clash": comment_clash is not None,
            "place": typed_place.now if typed_place else place_clash.mine if place_clash else place,
            "place_was": typed_place.was if typed_place else place,
            "place_theirs": titles.get(place, _("No chapter")) if place_clash else "",
        }
    heads: dict[int, dict[str, Any]] = {}
    for chapter in found.chapters:
        if chapter.id:
            typed_title, clash = (unsaved.titles.get(chapter.id) if unsaved else None), clashes.titles.get(chapter.id)
            heads[chapter.id] = {
                "title": typed_title.now if typed_title else clash.mine if clash else chapter.title,
                "was": typed_title.was if typed_title else chapter.title,
                "theirs": clash.theirs if clash else "",
            }
    context = {
        "collection": collection,
        "chapters": [
            (chapter, heads.get(chapter.id or 0), [(row, rows[row.practice]) for row in chapter.rows])
            for chapter in found.chapters
        ],
        "places": list(titles.items()),
        "new_title": sent.new_title if sent and error else "",
        "error": str(error) if error else "",
        "error_code": error.code if error else "",
        "clashes": bool(clashes),
        "focus": request.GET.get("step", ""),
    }
    return render(request, "practices/arrange_collection.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add_to_collection(request: HttpRequest) -> HttpResponse:
    """Put practices into a collection: those named (`practice`), or else the first 200 that the search of the address finds."""
    code = get_language() or "en"
    if "practice" in request.GET:
        named = numbers(request.GET.getlist("practice"), MOST_PRACTICES)
        ids, cut = public_ids(named, request.user), False
    else:
        found = search_of(request, MOST_PRACTICES)
        ids, cut = found.ids, found.total > MOST_PRACTICES
    mine = writable_collections(request.user)
    form = ChooseCollectionForm(request.POST or None, collections=mine)
    if request.method == "POST" and ids and form.is_valid():
        try:
            collection, added = _put(request, form, mine, ids)
        except DomainError as error:
            form.add_error("title" if error.code == "title" else None, str(error))
        else:
            (messages.success if added.added else messages.info)(request, told(added))
            return redirect(collection)
    context = {
        "form": form,
        "count": len(ids),
        "named": cards(ids[:NAMED], code) if len(ids) <= NAMED else [],
        "cut": cut,
        "most": MOST_PRACTICES,
        "mine": mine,
        "address": request.get_full_path(),
    }
    return render(request, "practices/add_to_collection.html", context)


def _put(
    request: HttpRequest, form: ChooseCollectionForm, mine: list[Collection], ids: list[int]
) -> tuple[Collection, Added]:
    chosen = form.cleaned_data["collection"]
    if chosen == NEW:
        texts = CollectionTexts(form.cleaned_data["title"], get_language() or "en")
        collection = create_collection(texts, by=request.user)
    else:
        collection = next(one for one in mine if one.opaque_id == chosen)
    return collection, add_practices(collection, ids, by=request.user)


def told(added: Added) -> str:
    """What became of the practices that were to be added, in sentences."""
    sentences = [
        ngettext("%(count)s practice is added.", "%(count)s practices are added.", added.added),
    ]
    counts = [added.added]
    if added.known:
        sentences.append(ngettext("%(count)s was there already.", "%(count)s were there already.", added.known))
        counts.append(added.known)
    if added.gone:
        sentences.append(ngettext("%(count)s is no longer public.", "%(count)s are no longer public.", added.gone))
        counts.append(added.gone)
    if added.over:
        sentences.append(
            ngettext(
                "%(count)s found no room: a collection holds 200.",
                "%(count)s found no room: a collection holds 200.",
                added.over,
            )
        )
        counts.append(added.over)
    return " ".join(text % {"count": number_text(count)} for text, count in zip(sentences, counts, strict=True))
