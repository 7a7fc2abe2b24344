"""Who works on an application beside the organisation's own people: invitations by e-mail."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.enums import ApplicationRole
from grants.models.applications import Application, ApplicationMember
from network.people.models import SecretInvitation


class ApplicationInvitation(SecretInvitation):
    """An e-mail invitation to work on one application; whoever takes it up need not belong to the organisation."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=8, choices=ApplicationRole, default=ApplicationRole.EDITOR)
    language = models.CharField(_("language"), max_length=8)

    objects: ClassVar[models.Manager[ApplicationInvitation]] = models.Manager()

    class Meta:
        verbose_name = _("invitation to an application")
        verbose_name_plural = _("invitations to applications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "application",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_application_invitation",
            ),
        ]


class Comment(models.Model):
    """What a member says to the others about a section, or one question of it; no part of the application.

    An answer has a `thread`. A deleted one that was answered stays without text and author.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="comments")
    section = models.SlugField(max_length=40)
    field = models.SlugField(max_length=40, blank=True)
    thread = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("comment"), blank=True)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager[Comment]] = models.Manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]
        indexes = [models.Index(fields=["written_at"], name="comment_by_moment")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section}"


class CommentsTold(models.Model):
    """When a member was last written to about comments: at most once an hour for each application."""

    member = models.OneToOneField(ApplicationMember, models.CASCADE, related_name="comments_told")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[CommentsTold]] = models.Manager()

    class Meta:
        verbose_name = _("mail about comments")
        verbose_name_plural = _("mails about comments")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.member_id)
