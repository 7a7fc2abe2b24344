"""Collections: making them, their texts, who reads them. Every change holds the collection's row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.people.enums import MemberRole
from network.people.models import User
from network.text import clean_line, clean_text
from practices.enums import Visibility
from practices.models import Collection, CollectionMember
from practices.rules.collections import (
    COVER_NOTE,
    INTRODUCTION,
    MOST_COLLECTIONS,
    TITLE,
    can_create_collection,
    can_edit_collection,
    can_hide_collection,
    can_manage_collection,
    fits,
)


class StaleCollection(DomainError):
    """Somebody else saved the texts since this form was opened; `current` is the collection as it stands."""

    def __init__(self, current: Collection) -> None:
        super().__init__(
            _("Somebody changed this collection while you were writing. Compare, then save again."), code="stale"
        )
        self.current = current


@dataclass(frozen=True)
class CollectionTexts:
    """What a collection says of itself, in one language."""

    title: str
    language: str
    introduction: str = ""
    cover_note: str = ""


def cleaned(texts: CollectionTexts) -> CollectionTexts:
    """The texts as they are stored; DomainError, whose code is the field's name, where one can't be."""
    title, introduction = clean_line(texts.title), clean_text(texts.introduction)
    cover_note = clean_text(texts.cover_note)
    if not any(character.isalnum() for character in title) or len(title) > TITLE:
        raise DomainError(_("Enter a title, at most 200 characters."), code="title")
    if texts.language not in LANGUAGES:
        raise DomainError(_("Choose the language you write in."), code="language")
    if not fits(introduction, INTRODUCTION):
        raise DomainError(_("The introduction has at most 1,000 words. Make it shorter."), code="introduction")
    if not fits(cover_note, COVER_NOTE):
        raise DomainError(_("The note on the cover has at most 80 words. Make it shorter."), code="cover_note")
    return CollectionTexts(title, texts.language, introduction, cover_note)


@transaction.atomic
def create_collection(texts: CollectionTexts, *, by: User, demo: bool = False) -> Collection:
    """A private collection without practices; `by` becomes its owner. DomainError: not allowed, a text, too many."""
    insist(can_create_collection(by))
    told = cleaned(texts)
    # Whoever presses twice at once is counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if CollectionMember.objects.filter(user=by, role=MemberRole.OWNER).count() >= MOST_COLLECTIONS:
        raise DomainError(_("You own 100 collections. Delete one before you make another."), code="limit")
    collection = Collection.objects.create(**vars(told), demo=demo)
    CollectionMember.objects.create(collection=collection, user=by, role=MemberRole.OWNER)
    return collection


@transaction.atomic
def set_collection_texts(collection: Collection, texts: CollectionTexts, *, by: User, version: int) -> Collection:
    """Change the texts as they were at `version`. Raises StaleCollection where they moved on: nothing is lost unseen."""
    current = locked_collection(collection.pk)
    insist(can_edit_collection(by, current))
    told = cleaned(texts)
    if current.version != version:
        raise StaleCollection(current)
    for name, value in vars(told).items():
        setattr(current, name, value)
    current.version += 1
    return touched(current, *vars(told), "version")


@transaction.atomic
def set_visibility(collection: Collection, visibility: str, *, by: User) -> Collection:
    """Say who reads it. DomainError where an operator has hidden it, and where it would be public without a practice."""
    current = locked_collection(collection.pk)
    insist(can_manage_collection(by, current))
    if visibility not in Visibility.values:
        raise DomainError(_("Choose who reads the collection."), code="visibility")
    if visibility != Visibility.PRIVATE and current.hidden_reason:
        raise DomainError(
            _("The portal’s operators have hidden this collection. Write to them to have it shown again."),
            code="hidden",
        )
    if visibility == Visibility.PUBLIC and not current.items.exists():
        raise DomainError(_("Add a practice before you make the collection public."), code="empty")
    current.visibility = visibility
    return touched(current, "visibility")


@transaction.atomic
def delete_collection(collection: Collection, *, by: User) -> None:
    """Remove the collection with all that stands in it; the practices themselves stay, and so do its publications."""
    current = locked_collection(collection.pk)
    insist(can_manage_collection(by, current))
    because("Deleted by an owner")
    current.delete()


@transaction.atomic
def hide_collection(collection: Collection, reason: str, *, by: User) -> Collection:
    """Make it private for a reason that its members are shown; they can't make it public until it is let back."""
    current = locked_collection(collection.pk)
    insist(can_hide_collection(by, current))
    told = clean_line(reason)
    if not told or len(told) > 300:
        raise DomainError(_("Enter the reason, at most 300 characters. The members read it."), code="reason")
    because(told)
    current.visibility, current.hidden_reason = Visibility.PRIVATE, told
    return touched(current, "visibility", "hidden_reason")


@transaction.atomic
def unhide_collection(collection: Collection, *, by: User) -> Collection:
    """Let its owners decide again who reads it; until they do, it stays private."""
    current = locked_collection(collection.pk)
    insist(can_hide_collection(by, current))
    because("Let back by an operator")
    current.hidden_reason = ""
    return touched(current, "hidden_reason")


def locked_collection(pk: int) -> Collection:
    """The collection with its row held until the transaction ends. DomainError `gone` where it was deleted meanwhile."""
    found = Collection.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise DomainError(_("This collection was deleted meanwhile."), code="gone")
    return found


def touched(collection: Collection, *fields: Any) -> Collection:
    """Save these fields and that it changed now; kept pages that show it are stale."""
    collection.updated_at = timezone.now()
    collection.save(update_fields=[*fields, "updated_at"])
    return collection
