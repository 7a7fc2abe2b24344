"""A person's own record."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.doors import DomainError, signed_in
from network.people.domain.accounts import update_profile
from network.people.forms.signup import PersonFields
from network.people.queries.personal_data import own_data


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and zone; the ways to address, password, second step, sessions and export."""
    user = request.user
    names = ("display_name", "preferred_language", "time_zone")
    form = PersonFields(request.POST or None, initial={name: getattr(user, name) for name in names})
    form.fields["time_zone"].widget.attrs.pop("data-guess-zone", None)
    if request.method == "POST" and form.is_valid():
        try:
            update_profile(user, by=user, **{name: form.cleaned_data[name] for name in names})
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("people:profile")
    return render(request, "people/profile.html", {"form": form})


@signed_in
@require_safe
@reauthentication_required(app="allauth.account")
def export(request: HttpRequest) -> HttpResponse:
    """Everything kept about this person, as a JSON file; asks for the password where signing in was long ago."""
    response = JsonResponse(own_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="koine-{timezone.localdate():%Y-%m-%d}.json"'
    return response
