"""Keys with which programs act for a person."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.people.enums import ScopeKind, TokenRight
from network.people.models.accounts import User


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
