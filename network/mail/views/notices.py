"""A person's notices. Reading the list changes nothing: a notice counts as read once its button is pressed."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.doors import signed_in
from network.mail.domain.notices import mark_all_read, mark_read
from network.mail.forms import SeenForm
from network.mail.queries.notices import notices_of, own_notice, shown, unread_count
from network.mail.views.telling import tell

PER_PAGE = 30


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The list, newest first. POST marks as read all that stood on the page when it was opened, and what is older."""
    if request.method == "POST":
        form = SeenForm(request.POST)
        if form.is_valid():
            mark_all_read(request.user, up_to=form.cleaned_data["up_to"])
            messages.success(request, _("Your notices are marked as read."))
        return redirect("mail:notices")
    mine = notices_of(request.user)
    page = Paginator(shown(mine), PER_PAGE).get_page(request.GET.get("page"))
    told = tell(page)
    context = {
        "page": page,
        "notices": told,
        "over": len(told) < len(page),
        "unread": unread_count(request.user),
        "newest": mine.values_list("pk", flat=True).first(),
        "zone": request.user.time_zone,
    }
    return render(request, "mail_pages/notices.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to what a notice is about, or back to the list where it leads nowhere. POST marks it as read, GET does not."""
    found = own_notice(request.user, pk)
    if request.method == "POST":
        mark_read(request.user, [found.pk])
    told = tell([found])
    return redirect(told[0].path if told and told[0].path else "mail:notices")
