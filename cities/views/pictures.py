"""A city's pictures, for everyone."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cities.models import CityImage
from network.doors import public

MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}


@public
@require_safe
def picture(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A picture of a city. Its type is the one we found in its bytes; it can run nothing."""
    image = get_object_or_404(
        CityImage.objects.select_related("city"), pk=pk, city__slug=slug, city__archived_at__isnull=True
    )
    ending = PurePosixPath(image.file.name).suffix
    if ending not in MEDIA_TYPES:
        raise Http404
    try:
        response = FileResponse(image.file.open("rb"), content_type=MEDIA_TYPES[ending])
    except FileNotFoundError as error:
        raise Http404 from error
    response["Content-Disposition"] = f'inline; filename="{image.kind}-{image.pk}{ending}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=86400"
    return response
