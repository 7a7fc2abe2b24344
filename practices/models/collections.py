"""Collections: practices that people put together, in an order, with words of their own."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.languages import DEFAULT, LANGUAGES
from network.people.enums import MemberRole
from practices.enums import Visibility
from practices.models.practices import Practice

CODES = [(code, language.native_name) for code, language in LANGUAGES.items()]


def opaque_id() -> str:
    """An id for addresses that nobody guesses: 16 characters, 96 bits. It is all that a link needs to open something."""
    return secrets.token_urlsafe(12)


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, user: Any) -> CollectionQuerySet:
        """What lists may name: public collections, and those the person belongs to."""
        found = models.Q(visibility=Visibility.PUBLIC)
        if user is not None and user.is_authenticated:
            found |= models.Q(pk__in=CollectionMember.objects.filter(user=user).values("collection"))
        return self.filter(found)

    def readable_by(self, user: Any) -> CollectionQuerySet:
        """The same, and those that everyone who has the link reads."""
        return self.filter(models.Q(visibility=Visibility.LINK) | models.Q(pk__in=self.visible_to(user).values("pk")))


class Collection(models.Model):
    """Practices in an order, with title, introduction and cover note in one language, written by its members.

    `version` grows with every change of its texts: whoever saves says which one they read. `hidden_reason` is why an
    operator took it off the public pages; while it stands, the collection stays private.
    """

    opaque_id = models.CharField(max_length=24, unique=True, default=opaque_id, editable=False)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    cover_note = models.TextField(_("note on the cover"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=CODES, default=DEFAULT)
    visibility = models.CharField(_("who reads it"), max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    hidden_reason = models.CharField(_("why it was hidden"), max_length=300, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[CollectionQuerySet] = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["-updated_at", "-id"]
        indexes = [
            models.Index(
                fields=["-updated_at", "-id"], condition=models.Q(visibility="public"), name="collection_public_newest"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hidden_reason="") | models.Q(visibility="private"), name="hidden_collection_private"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("practices:collection", args=[self.opaque_id])


class CollectionMember(models.Model):
    """A person who works on a collection, or reads it while it is private. The last owner stays (`domain`)."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="collection_memberships")
    role = models.CharField(_("role"), max_length=8, choices=MemberRole)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[CollectionMember]] = models.Manager()

    class Meta:
        verbose_name = _("member of a collection")
        verbose_name_plural = _("members of collections")
        ordering = ["collection_id", "id"]
        constraints = [models.UniqueConstraint(fields=["collection", "user"], name="once_in_a_collection")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class CollectionInvitation(models.Model):
    """An address that was invited. Whoever proves to have it may accept; a row that is gone was answered or taken back."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=8, choices=MemberRole, default=MemberRole.EDITOR)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[CollectionInvitation]] = models.Manager()

    class Meta:
        verbose_name = _("invitation to a collection")
        verbose_name_plural = _("invitations to collections")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint("collection", Lower("email"), name="one_invitation_per_address"),
        ]
        indexes = [models.Index(Lower("email"), name="collection_invited")]

    def __str__(self) -> str:
        return self.email


class CollectionChapter(models.Model):
    """A heading among the practices of a collection, in the collection's language."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="chapters")
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar[models.Manager[CollectionChapter]] = models.Manager()

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["collection_id", "position", "id"]

    def __str__(self) -> str:
        return self.title


class CollectionItem(models.Model):
    """A practice in a collection, with a line of comment. Those without a chapter stand before the first one."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+", verbose_name=_("practice"))
    chapter = models.ForeignKey(
        CollectionChapter, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("chapter")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[CollectionItem]] = models.Manager()

    class Meta:
        verbose_name = _("practice in a collection")
        verbose_name_plural = _("practices in collections")
        ordering = ["collection_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["collection", "practice"], name="once_among_practices")]

    def __str__(self) -> str:
        return f"{self.collection_id} {self.practice_id}"
