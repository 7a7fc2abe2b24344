"""How allauth speaks, counts and keeps secrets here."""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as translated, gettext_lazy as _, override

from network.frame.links import in_language
from network.frame.moments import moment_text
from network.languages import DEFAULT, LANGUAGES
from network.outgoing import Addressee, Message, send
from network.people import messages
from network.people.gateways.counters import counters_work
from network.people.models import User
from network.people.rules.roles import demands_second_factor
from network.people.sessions import FACTORS

BROWSER_LENGTH = 200


class AccountAdapter(DefaultAccountAdapter):
    """Mails through `network.outgoing`, limits for an account at an address of the net, one answer for every stranger."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "email_taken": _("This address has an account."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _(
            "The code is not right. Enter the newest code of your app, or a recovery code not yet used."
        ),
        "incorrect_password": _("The password is not right."),
        "invalid_login": _("The e-mail address or the password is not right."),
        "invalid_or_expired_key": _("This link was used already or is too old."),
        "invalid_password_reset": _("This link was used already or is too old."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
        "unverified_primary_email": _("Confirm your e-mail address first."),
        "same_as_current": _("Enter another value than the present one."),
        "paused": _(
            "The e-mail address or the password is not right, or sign-in is paused. Try again in a few minutes."
        ),
    }

    # --- mail ---------------------------------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand one of allauth's mails with a link to the mail engine, in its reader's language."""
        message = messages.LINKS[template_prefix.rsplit("/", 1)[-1]]
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        link = context.get("activate_url") or context.get("password_reset_url") or context.get("signup_url") or ""
        self._post(message, email, user, {"path": urlsplit(link).path})

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell a person that something about their sign-in changed: what, when, from which browser."""
        event = template_prefix.rsplit("/", 1)[-1]
        values = {key: str(value) for key, value in (context or {}).items() if key in {"from_email", "to_email"}}
        with override(user.preferred_language):
            moment = moment_text(timezone.now(), user.time_zone)
        browser = self.get_http_user_agent(self.request)[:BROWSER_LENGTH]
        values |= {"event": event, "moment": moment, "browser": browser, "path": reverse("account_reset_password")}
        self._post(messages.ACCOUNT_CHANGED, email or user.email, user, values)

    def _post(self, message: Message, email: str, user: Any, context: dict[str, Any]) -> None:
        language = user.preferred_language if user else get_language()
        language = language if language in LANGUAGES else DEFAULT
        context = {**context, "path": in_language(context["path"], language)}
        addressee = Addressee(email, language, user.display_name if user else "", user.pk if user else None)
        send(message, key=f"{message.kind}:{uuid.uuid4().hex}", to=addressee, context=context)

    # --- signing up -----------------------------------------------------------------------------------------------------

    def clean_email(self, email: str) -> str:
        """Refuse what the column can't hold, instead of cutting it, and line separators, which Django's validator takes
        for part of an international name."""
        if any(character.isspace() for character in email):
            raise ValidationError(translated("Enter an e-mail address like name@example.org."))
        if len(email) > 254:
            raise ValidationError(translated("The e-mail address is longer than 254 characters."))
        return super().clean_email(email)

    def save_user(self, request: Any, user: User, form: Any, commit: bool = True) -> User:
        """Keep what the form asked. Of two who sign up with one address in the same moment, the second is answered as
        everybody whose address has an account."""
        data = form.cleaned_data
        user.display_name = data["display_name"]
        user.preferred_language, user.time_zone = data["preferred_language"], data["time_zone"]
        try:
            with transaction.atomic():
                return super().save_user(request, user, form, commit)
        except IntegrityError as error:
            raise ImmediateHttpResponse(prevent_enumeration(request, email=data["email"])) from error

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the address's owner, after as much work as opening an account would have been."""
        make_password(uuid.uuid4().hex)
        self.send_mail(
            "account/email/account_already_exists", email, {"password_reset_url": reverse("account_reset_password")}
        )

    # --- signing in -----------------------------------------------------------------------------------------------------

    def _limits(self, request: Any, **credentials: Any) -> tuple[tuple[str, str], ...]:
        """(action, key): few tries for an account from one place, more for it from everywhere, so that a stranger's
        tries do not lock its owner out."""
        address = str(credentials.get("email", "")).casefold()
        return ("login_failed", f"{address} {ratelimit.get_ip(request)}"), ("login_failed_account", address)

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        self._used: list[Any] = []
        for action, key in self._limits(request, **credentials):
            used = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if not used:
                raise self.validation_error("too_many_login_attempts")
            self._used.append(used)

    def _rollback_login_failed_rl_usage(self) -> None:
        for used in getattr(self, "_used", ()):
            used.rollback()

    def _delete_login_attempts_cached_email(self, request: Any, **credentials: Any) -> None:
        for action, key in self._limits(request, **credentials):
            ratelimit.clear(request, app="allauth.account", action=action, key=key)

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """Check address and password. While tries can't be counted, staff stay out, and nobody learns from the answer
        whether a password was right."""
        user = super().authenticate(request, **credentials)
        if (user is None or demands_second_factor(user)) and not counters_work():
            raise self.validation_error("paused")
        return user

    def pre_login(self, request: Any, user: Any, **kwargs: Any) -> Any:
        """Closed accounts stay out on every way in, and demonstration accounts where there is no demonstration."""
        if user.demo and not settings.KOINE_DEMO:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not within 15 minutes of signing in: the person has just shown who they are."""
        if not super().is_reauthentication_required(app=app):
            return False
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] >= app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        names = {
            "reauthenticate": translated("Use your password"),
            "mfa_reauthenticate": translated("Use a code"),
            "mfa_reauthenticate:webauthn": translated("Use a passkey"),
        }
        return [{**one, "description": names[one["id"]]} for one in super().get_reauthentication_methods(user)]


def _keys() -> MultiFernet:
    """Keys derived from SECRET_KEY and its predecessors, so that the key can be rotated (SHA-256, RFC 4648 base 64)."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    derived = (hashlib.sha256(f"koine second factor {secret}".encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted where they are kept; the last factor of somebody who must have one stays."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Confirm your new address before you set up a second step."),
        "cannot_delete_authenticator": _(
            "Your role demands a second step. Add another app or passkey before you remove this one."
        ),
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not demands_second_factor(authenticator.user):
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002  (allauth's name)
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return translated("Passkey %(number)s") % {"number": count + 1}
