"""What comes by mail, in which language, and when not."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.doors import DomainError, signed_in
from network.mail.domain.choices import choose
from network.mail.forms import ChoicesForm, LanguageForm
from network.mail.queries.choices import preferences_of
from network.mail.rules.quiet import quiet_hours
from network.people.domain.accounts import update_profile
from network.people.queries.zones import zone_choices


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The switches, and beside them language, zone and quiet hours. Each of the two forms is saved by itself."""
    user = request.user
    switches = ChoicesForm()
    language = LanguageForm(initial={"preferred_language": user.preferred_language})
    if request.method == "POST":
        if "preferred_language" in request.POST:
            form = language = LanguageForm(request.POST)
            saved = form.is_valid() and _save_language(request, form)
        else:
            form = switches = ChoicesForm(request.POST)
            saved = form.is_valid() and _save_choices(request, form)
        if saved:
            messages.success(request, _("Your mail preferences are saved."))
            return redirect("mail:preferences")
    quiet = quiet_hours()
    context = {
        "switches": switches,
        "language": language,
        "preferences": preferences_of(user),
        "zone": dict(zone_choices()).get(user.time_zone, user.time_zone),
        "quiet": [f"{hour:%H:%M}" for hour in quiet] if quiet else [],
        "feedback": settings.KOINE_FEEDBACK_ADDRESS,
    }
    return render(request, "mail_pages/preferences.html", context, status=422 if request.method == "POST" else 200)


def _save_choices(request: HttpRequest, form: ChoicesForm) -> bool:
    try:
        choose(request.user, form.wanted(), by=request.user)
    except DomainError as error:
        form.add_error(None, str(error))
    return not form.errors


def _save_language(request: HttpRequest, form: LanguageForm) -> bool:
    user = request.user
    try:
        update_profile(
            user,
            by=user,
            display_name=user.display_name,
            preferred_language=form.cleaned_data["preferred_language"],
            time_zone=user.time_zone,
        )
    except DomainError as error:
        form.add_error(None, str(error))
    return not form.errors
