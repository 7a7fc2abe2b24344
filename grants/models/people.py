"""Who works on an application beside the organisation's own people: invitations by e-mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from grants.enums import ApplicationRole
from grants.models.applications import Application
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
