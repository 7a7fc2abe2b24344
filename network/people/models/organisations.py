"""Organisations, their members and the invitations into them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.people.enums import DocumentKind, IdentifierScheme, MemberRole, OrganisationKind, Verification
from network.people.models.accounts import User
from network.scanner import Scan


def storage_name(document: OrganisationDocument, name: str) -> str:
    """Where a document is kept: by month, under a random name without an ending, so that its own name can do no harm."""
    return f"organisations/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> Self:
        """The organisations whose own pages this person opens as a member (operators open all, by the rule)."""
        return self.filter(memberships__user_id=user.pk or 0)

    def waiting(self) -> Self:
        """Those that asked to be verified and have no answer yet."""
        return self.filter(archived_at=None, verification=Verification.SUBMITTED)


class Organisation(models.Model):
    """An organisation that applies for, gives or supports something. Its name and description are translated.

    `verification` follows `enums.VERIFYING`. `verified_until` is the last day it holds; that it is over is read from the
    day (`verified_on`), nothing is written then. `merged_into` is set where it turned out to be another one's duplicate:
    its address leads there.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=24, choices=OrganisationKind)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166-1, two letters"))
    website = models.URLField(_("website"), blank=True)
    address = models.TextField(_("postal address"), blank=True)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    verification = models.CharField(
        _("verification"), max_length=12, choices=Verification, default=Verification.UNVERIFIED, editable=False
    )
    verification_reason = models.TextField(_("reason"), blank=True, editable=False)
    verification_at = models.DateTimeField(_("since"), null=True, blank=True, editable=False)
    verification_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("by")
    )
    verified_until = models.DateField(_("verified until"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    members = models.ManyToManyField(User, through="OrganisationMember", related_name="organisations")

    objects: ClassVar[OrganisationQuerySet] = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        indexes = [models.Index(fields=["verification", "verification_at"], name="organisation_verification")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verification__in=Verification.values), name="organisation_verification_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(verification=Verification.REFUSED) | ~models.Q(verification_reason=""),
                name="organisation_refusal_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | models.Q(archived_at__isnull=False),
                name="merged_organisation_is_archived",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.slug

    def verified_on(self, day: date) -> bool:
        """Whether it counts as verified on that day."""
        return self.verification == Verification.VERIFIED and (
            self.verified_until is None or day <= self.verified_until
        )


class OrganisationIdentifier(models.Model):
    """A number in a public register, as (scheme, number): org-id.guide codes, leading zeros kept."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("register"), max_length=16, choices=IdentifierScheme)
    number = models.CharField(_("number"), max_length=64)

    class Meta:
        verbose_name = _("register number")
        verbose_name_plural = _("register numbers")
        ordering = ["scheme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "number"],
                name="one_organisation_per_number",
                violation_error_message=_("Another organisation has this number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}-{self.number}"


class OrganisationDocument(models.Model):
    """A document that shows what an organisation is: statutes, an extract from a register. Under a random name in private
    storage; its members and those who verify it read it. `mime` is what its bytes say, not its name."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    file = models.FileField(upload_to=storage_name)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(_("type"), max_length=120)
    scan = models.CharField(_("virus check"), max_length=8, choices=Scan, default=Scan.PENDING)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[OrganisationDocument]] = models.Manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["organisation_id", "id"]

    def __str__(self) -> str:
        return self.name


class OrganisationMember(models.Model):
    """A person in an organisation. The last owner can't leave (`domain.organisations`)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="organisation_memberships")
    role = models.CharField(_("role"), max_length=8, choices=MemberRole)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["organisation_id", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="once_a_member")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class SecretInvitation(models.Model):
    """An e-mail invitation into something: one use, ends by itself. Only a hash of its secret is kept (SHA-256)."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.email


class Invitation(SecretInvitation):
    """An e-mail invitation into an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=8, choices=MemberRole, default=MemberRole.EDITOR)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation",
            ),
        ]
