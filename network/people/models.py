"""Accounts, roles, organisations and invitations."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.languages import DEFAULT, LANGUAGES
from network.people.enums import IdentifierScheme, MemberRole, OrganisationKind, RoleKind, ScopeKind, TokenRight

LANGUAGE_CHOICES = [(code, language.native_name) for code, language in LANGUAGES.items()]


class UserManager(BaseUserManager["User"]):
    """Accounts are found by e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")

    def create_user(self, email: str, password: str | None = None, *, verified: bool = True, **fields: object) -> User:
        """An account with that address; without a password it can only be entered through a reset.

        The caller vouches for the address unless it says `verified=False`. People who sign up by themselves come
        through allauth, where the mail they answer proves it.
        """
        with transaction.atomic(using=self._db):
            user = self.model(email=email.strip().lower(), **fields)
            user.set_password(password)
            user.save(using=self._db)
            EmailAddress.objects.using(self._db).create(user=user, email=user.email, primary=True, verified=verified)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        """For `manage.py createsuperuser`: the first operator of a new portal."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: one person, signing in by e-mail address.

    `is_staff` follows from the roles held (`domain.roles` keeps it so): it opens the admin, no more.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    display_name = models.CharField(_("full name"), max_length=200, help_text=_("As you write it, in any script."))
    preferred_language = models.CharField(
        _("preferred language"), max_length=5, choices=LANGUAGE_CHOICES, default=DEFAULT
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", help_text=_("As in the IANA list, for example Europe/Athens.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("opens the admin"), default=False)
    demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_address",
                violation_error_message=_("This address has an account."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class RoleQuerySet(models.QuerySet["Role"]):
    def current(self, on=None) -> Self:
        """Roles in force on that date (today by default)."""
        day = on or timezone.localdate()
        return self.filter(starts_on__lte=day).filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=day))


class Role(models.Model):
    """A person's role for one scope, from `starts_on` (included) to `ends_on` (excluded; empty: until further notice)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles", verbose_name=_("person"))
    kind = models.CharField(_("role"), max_length=32, choices=RoleKind)
    scope_kind = models.CharField(_("for"), max_length=16, choices=ScopeKind)
    scope_key = models.CharField(
        _("which"), max_length=64, blank=True, help_text=_("The UUID or language code; empty for the whole portal.")
    )
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar[RoleQuerySet] = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["kind", "scope_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "scope_kind", "scope_key"],
                condition=models.Q(ends_on__isnull=True),
                name="one_open_role_per_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="role_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(scope_kind="portal", scope_key="")
                | (~models.Q(scope_kind="portal") & ~models.Q(scope_key="")),
                name="role_scope_has_key",
            ),
        ]
        indexes = [models.Index(fields=["kind", "scope_key"], name="role_by_scope")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.scope_key or self.scope_kind})"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> Self:
        """The organisations whose own pages this person opens as a member (operators open all, by the rule)."""
        return self.filter(memberships__user_id=user.pk or 0)


class Organisation(models.Model):
    """An organisation that applies for, gives or supports something. Its name and description are translated."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=24, choices=OrganisationKind)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166-1, two letters"))
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    members = models.ManyToManyField(User, through="OrganisationMember", related_name="organisations")

    objects: ClassVar[OrganisationQuerySet] = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name or self.slug


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


class Invitation(models.Model):
    """An e-mail invitation into an organisation: one use, ends by itself. Only a hash of its secret is kept (SHA-256)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=8, choices=MemberRole, default=MemberRole.EDITOR)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

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

    def __str__(self) -> str:
        return self.email


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self) -> Self:
        """Tokens that open something now: neither taken back nor past their end, of an account that is open."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now(), user__is_active=True)


class ApiToken(models.Model):
    """A key with which a program acts for one person: for one thing, to read or to write, until a day.

    It never opens more than its owner may at that moment. Only a hash of its secret is kept (SHA-256); `hint` is the end
    of the secret, by which people tell tokens apart. Which things there can be tokens for, apps say in
    `scopes.register_token_scope`.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=80)
    scope_kind = models.CharField(_("for"), max_length=16, choices=ScopeKind)
    scope_key = models.CharField(_("which"), max_length=64)
    right = models.CharField(_("may"), max_length=5, choices=TokenRight)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=4, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[ApiTokenQuerySet] = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]
        indexes = [models.Index(fields=["scope_kind", "scope_key"], name="token_by_scope")]
        constraints = [
            models.UniqueConstraint(
                "scope_kind",
                "scope_key",
                Lower("name"),
                condition=models.Q(revoked_at__isnull=True),
                name="one_token_per_name",
                violation_error_message=_("Another token here has this name."),
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> tuple[str, str]:
        """What it is for: the kind of thing and its key."""
        return self.scope_kind, self.scope_key

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()
