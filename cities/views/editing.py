"""A city's page, written by its own officers and those of its networks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cities.domain import add_contact, add_image, remove_contact, remove_image, update_city
from cities.domain.images import MAX_BYTES
from cities.forms import CityPageForm, ContactForm, PictureForm
from cities.models import City, CityContact, CityImage
from cities.queries.desk import missing_on
from cities.rules import can_edit_city
from network.doors import DomainError, Verdict, needs
from network.translation.models import best_text


def get_city(user: Any, slug: str) -> City:
    """A kept city by its slug; Http404 for others."""
    return get_object_or_404(City.objects.visible_to(user), slug=slug)


def get_contact(user: Any, slug: str, pk: int) -> CityContact:
    """A contact of a kept city; Http404 for others."""
    return get_object_or_404(CityContact.objects.select_related("city"), pk=pk, city=get_city(user, slug))


def get_picture(user: Any, slug: str, pk: int) -> CityImage:
    """A picture of a kept city; Http404 for others."""
    return get_object_or_404(CityImage.objects.select_related("city"), pk=pk, city=get_city(user, slug))


def can_edit_part(user: Any, part: CityContact | CityImage) -> Verdict:
    """May this person take away a contact or picture? Whoever may edit the city."""
    return can_edit_city(user, part.city)


def _page(request: HttpRequest, city: City, status: int = 200, **forms: Any) -> HttpResponse:
    code = get_language() or "en"
    page = {
        "city": city,
        "name": best_text(city, "name", code)[0] or city.native_name,
        "form": CityPageForm.about(city, code),
        "contact_form": ContactForm(prefix="contact"),
        "picture_form": PictureForm(prefix="picture"),
        "refusal": "",
        "missing": missing_on(city, code),
        "contacts": list(city.contacts.order_by("kind", "id")),
        "pictures": list(city.images.order_by("kind", "id")),
        **forms,
    }
    return render(request, "cities/edit.html", page, status=status)


@needs(can_edit_city, get_city)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, city: City) -> HttpResponse:
    """The profile in the reader's language, the website and the population."""
    if request.method != "POST":
        return _page(request, city)
    code = get_language() or "en"
    form = CityPageForm(request.POST)
    if not form.is_valid():
        return _page(request, city, 400, form=form)
    try:
        update_city(city, form.details(city, code), version=form.cleaned_data["version"], by=request.user)
    except DomainError as error:
        return _page(request, city, 409 if error.code == "stale" else 400, form=form, refusal=str(error))
    messages.success(request, _("The page is saved."))
    return redirect("portal:city", city.slug)


@needs(can_edit_city, get_city)
@require_POST
def new_contact(request: HttpRequest, city: City) -> HttpResponse:
    """Add a contact, as of today."""
    form = ContactForm(request.POST, prefix="contact")
    if not form.is_valid():
        return _page(request, city, 400, contact_form=form)
    try:
        add_contact(city, form.details(get_language() or "en", timezone.localdate().isoformat()), by=request.user)
    except DomainError as error:
        return _page(request, city, 400, contact_form=form, refusal=str(error))
    messages.success(request, _("The contact is added."))
    return redirect("cities:edit", city.slug)


@needs(can_edit_part, get_contact)
@require_POST
def drop_contact(request: HttpRequest, contact: CityContact) -> HttpResponse:
    """Take a contact off the record."""
    remove_contact(contact, by=request.user)
    messages.success(request, _("The contact is removed."))
    return redirect("cities:edit", contact.city.slug)


@needs(can_edit_city, get_city)
@require_POST
def new_picture(request: HttpRequest, city: City) -> HttpResponse:
    """Add a picture."""
    form = PictureForm(request.POST, request.FILES, prefix="picture")
    if not form.is_valid():
        return _page(request, city, 400, picture_form=form)
    try:
        # One byte more than allowed is enough to be refused; a larger file is never read into memory whole.
        data = form.cleaned_data["file"].read(MAX_BYTES + 1)
        add_image(city, data, form.details(get_language() or "en"), by=request.user)
    except DomainError as error:
        form.add_error("file", str(error))
        return _page(request, city, 400, picture_form=form)
    messages.success(request, _("The picture is added."))
    return redirect("cities:edit", city.slug)


@needs(can_edit_part, get_picture)
@require_POST
def drop_picture(request: HttpRequest, image: CityImage) -> HttpResponse:
    """Take a picture away."""
    remove_image(image, by=request.user)
    messages.success(request, _("The picture is removed."))
    return redirect("cities:edit", image.city.slug)
