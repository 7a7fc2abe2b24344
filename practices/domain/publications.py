"""Ordering publications, and what people do with them. The work itself is `domain.publishing`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.audit.context import because
from network.doors import DomainError, insist
from network.jobs import enqueue
from network.languages import LANGUAGES
from network.limits import within
from network.membership.models import Network
from network.people.models import User
from network.text import clean_line, clean_text
from practices.enums import MAKING, ChapterBy, MakingState, MakingVerb
from practices.models import Collection, Publication, PublicationVersion
from practices.models.publications import WAITING
from practices.queries.publications import publishers
from practices.rules.collections import MOST_PRACTICES, can_see_collection, fits
from practices.rules.publications import (
    COVER_NOTE,
    FOREWORD,
    LINE,
    MOST_AN_HOUR,
    MOST_VERSIONS,
    MOST_WAITING,
    can_cancel_publication,
    can_manage_publication,
    can_order_publication,
    can_retry_publication,
)

JOB = "practices.make_publication"
HOUR = 3600
Plan = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Order:
    """What is ordered: the words of the cover and the foreword, in `words_language`; the language of the document; how it is
    divided; who publishes it (a key of `publishers`, or nobody). `key` comes with the form: the same one orders once."""

    title: str
    words_language: str
    language: str
    chapters: str = ChapterBy.OWN
    subtitle: str = ""
    cover_note: str = ""
    foreword: str = ""
    publisher: str = ""
    key: uuid.UUID | None = None


@transaction.atomic
def order_publication(
    order: Order, plan: Plan, *, by: User, collection: Collection | None = None, query: str = ""
) -> PublicationVersion:
    """A new publication of a collection or a search, and its first version, which is made as soon as there is time.

    DomainError: not allowed, no practices, more than 200, a text too long (code: the field's name), too many at once.
    """
    insist(can_order_publication(by))
    if collection is not None:
        insist(can_see_collection(by, collection))
    # Whoever presses twice at once waits here for themselves, and finds the first one.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if known := _known(order, by):
        return known
    fields = _checked(order, plan, by)
    publication = Publication.objects.create(
        collection=collection, of_search=collection is None, query=query, made_by=by
    )
    return _queued(publication, 1, order, fields, plan, by)


@transaction.atomic
def order_version(publication: Publication, order: Order, plan: Plan, *, by: User) -> PublicationVersion:
    """The next version of a publication. The versions there are stay as they are. DomainError as `order_publication`."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    current = Publication.objects.select_for_update(of=("self",)).select_related("collection").get(pk=publication.pk)
    insist(can_manage_publication(by, current))
    if known := _known(order, by):
        return known
    fields = _checked(order, plan, by)
    last = current.versions.order_by("-number").values_list("number", flat=True).first() or 0
    if last >= MOST_VERSIONS:
        raise DomainError(_("This publication has 500 versions. Make a new publication."), code="limit")
    return _queued(current, last + 1, order, fields, plan, by)


def _known(order: Order, by: User) -> PublicationVersion | None:
    """What this very form ordered before."""
    return PublicationVersion.objects.filter(order_key=order.key, ordered_by=by).first() if order.key else None


def _checked(order: Order, plan: Plan, by: User) -> dict[str, Any]:
    """The fields of the version as they are stored."""
    count = sum(len(chapter["practices"]) for chapter in plan)
    if not count:
        raise DomainError(_("There is no practice to publish. Choose some first."), code="empty")
    if count > MOST_PRACTICES:
        raise DomainError(_("A publication holds at most 200 practices."), code="limit")
    title, subtitle = clean_line(order.title), clean_line(order.subtitle)
    foreword, cover_note = clean_text(order.foreword), clean_text(order.cover_note)
    if not any(character.isalnum() for character in title) or len(title) > LINE:
        raise DomainError(_("Enter a title, at most 200 characters."), code="title")
    if len(subtitle) > LINE:
        raise DomainError(_("The subtitle has at most 200 characters. Make it shorter."), code="subtitle")
    if not fits(foreword, FOREWORD):
        raise DomainError(_("The foreword has at most 1,000 words. Make it shorter."), code="foreword")
    if not fits(cover_note, COVER_NOTE):
        raise DomainError(_("The note on the cover has at most 80 words. Make it shorter."), code="cover_note")
    if order.language not in LANGUAGES or order.words_language not in LANGUAGES:
        raise DomainError(_("Koine does not know that language."), code="language")
    if order.chapters not in ChapterBy.values:
        raise DomainError(_("Choose how the publication is divided."), code="chapters")
    if order.publisher and order.publisher not in dict(publishers(by, order.language)):
        raise DomainError(
            _("You can publish only in the name of a city or network whose officer you are."), code="publisher"
        )
    if PublicationVersion.objects.filter(ordered_by=by, state__in=WAITING).count() >= MOST_WAITING:
        raise DomainError(
            _("Three of your publications wait already. Order the next one when one is ready."), code="limit"
        )
    if not within("practices.publication", by.pk, MOST_AN_HOUR, HOUR):
        raise DomainError(_("You have ordered 30 publications within an hour. Order more later."), code="limit")
    kind, _colon, key = order.publisher.partition(":")
    return {
        "title": title,
        "subtitle": subtitle,
        "foreword": foreword,
        "cover_note": cover_note,
        "words_language": order.words_language,
        "language": order.language,
        "chapters": order.chapters,
        "network": Network.objects.get(uuid=key) if kind == "network" else None,
        "city": City.objects.get(uuid=key) if kind == "city" else None,
    }


def _queued(
    publication: Publication, number: int, order: Order, fields: dict[str, Any], plan: Plan, by: User
) -> PublicationVersion:
    because("Ordered")
    version = PublicationVersion.objects.create(
        publication=publication,
        number=number,
        order_key=order.key or uuid.uuid4(),
        plan=[dict(chapter) for chapter in plan],
        ordered_by=by,
        **fields,
    )
    enqueue(JOB, version_id=version.pk)
    return version


@transaction.atomic
def cancel_publication(version: PublicationVersion, *, by: User) -> PublicationVersion:
    """Stop the making of a version. A job that is at it sees so at its next step, and what it made is thrown away."""
    current = _locked(version)
    insist(can_cancel_publication(by, current))
    because("Cancelled")
    current.state = MAKING[MakingState(current.state)][MakingVerb.CANCEL]
    current.token = current.lease_until = None
    current.ended_at = timezone.now()
    current.save(update_fields=["state", "token", "lease_until", "ended_at"])
    return current


@transaction.atomic
def retry_publication(version: PublicationVersion, *, by: User) -> PublicationVersion:
    """Queue a version again that failed or was cancelled, as it was ordered."""
    current = _locked(version)
    insist(can_retry_publication(by, current))
    because("Tried again")
    current.state = MAKING[MakingState(current.state)][MakingVerb.RETRY]
    current.fault, current.progress, current.attempts, current.ended_at = "", 0, 0, None
    current.save(update_fields=["state", "fault", "progress", "attempts", "ended_at"])
    enqueue(JOB, version_id=current.pk)
    return current


@transaction.atomic
def keep_publication(publication: Publication, keep: bool, *, by: User) -> Publication:
    """Say whether its files are kept for good, or removed after some weeks."""
    current = Publication.objects.select_for_update(of=("self",)).select_related("collection").get(pk=publication.pk)
    insist(can_manage_publication(by, current))
    if keep != bool(current.saved_at):
        current.saved_at = timezone.now() if keep else None
        current.save(update_fields=["saved_at"])
    return current


def _locked(version: PublicationVersion) -> PublicationVersion:
    rows = PublicationVersion.objects.select_for_update(of=("self",))
    return rows.select_related("publication__collection").get(pk=version.pk)
