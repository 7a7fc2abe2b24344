"""Accounts and the roles held with them."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.languages import DEFAULT, LANGUAGES
from network.people.enums import RoleKind, ScopeKind

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
