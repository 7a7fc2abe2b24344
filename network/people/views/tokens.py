"""Pages on which people make API tokens and take them back."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.doors import DomainError, needs, signed_in
from network.people import scopes
from network.people.domain.tokens import make_token, revoke_token
from network.people.forms.tokens import TokenForm
from network.people.models import ApiToken
from network.people.queries.tokens import offers, own_tokens, scope_for, token_for, tokens_for
from network.people.rules.tokens import can_manage_tokens, can_revoke_token


@signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """A person's own tokens, and what they may make one for."""
    return render(request, "people/tokens.html", {"rows": own_tokens(request.user), "offers": offers(request.user)})


@needs(can_manage_tokens, scope_for)
@require_safe
def of_scope(request: HttpRequest, scope: tuple[str, str]) -> HttpResponse:
    """The tokens for one thing, whoever made them."""
    context = {"rows": tokens_for(*scope), "what": scopes.name_of(*scope), "scope": scope}
    return render(request, "people/scope_tokens.html", context)


@needs(can_manage_tokens, scope_for)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.account")
def new(request: HttpRequest, scope: tuple[str, str]) -> HttpResponse:
    """Make a token; its secret is shown on this answer and never again. Asks for the password where signing in was long
    ago. The answer leads nowhere else: what is shown once must not be kept to be shown."""
    form = TokenForm(request.POST or None)
    context = {"scope": scope, "what": scopes.name_of(*scope)}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            token, secret = make_token(scope, data["name"], data["right"], data["days"], by=request.user)
        except DomainError as error:
            form.add_error("name" if error.code == "name" else None, str(error))
        else:
            address = settings.KOINE_BASE_URL + reverse("api:root")
            return render(
                request, "people/token_made.html", {**context, "token": token, "secret": secret, "address": address}
            )
    status = 400 if form.errors else 200
    return render(request, "people/new_token.html", {**context, "form": form}, status=status)


@needs(can_revoke_token, token_for)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """Ask, then take a token back."""
    if request.method != "POST":
        return render(request, "people/revoke_token.html", {"token": token, "what": scopes.name_of(*token.scope)})
    revoke_token(token, by=request.user)
    messages.success(request, _("The token is taken back: it opens nothing any more."))
    if can_manage_tokens(request.user, token.scope):
        return redirect("people:scope_tokens", *token.scope)
    return redirect("people:tokens")
