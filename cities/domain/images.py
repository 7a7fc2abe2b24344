"""A city's pictures: taken in after looking at their own first bytes, never by the name or type the sender claims."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from cities.enums import ImageKind
from cities.models import City, CityImage
from cities.rules import can_edit_city
from network.doors import DomainError, insist
from network.languages import CODES
from network.pictures import NotAPicture, Picture, TooManyPixels, measure, without_metadata
from network.text import clean_line
from network.translation.models import write

MAX_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class ImageDetails:
    """What is said about a picture. Alternative text and caption by language code; the credit names its maker."""

    credit: str
    kind: str = ImageKind.PHOTO
    alt: dict[str, str] = field(default_factory=dict)
    caption: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def add_image(city: City, data: bytes, details: ImageDetails, *, by: Any) -> CityImage:
    """Keep a picture (PNG, JPEG or WebP of at most 5 MB and 50 megapixels); a new logo takes the old one's place.

    The file gets a name of our own and loses what the camera wrote into it (place, moment, owner). It is not re-encoded.
    A roll-back leaves the file on the disk, unreferenced.
    """
    insist(can_edit_city(by, city))
    picture = _looked_at(data)
    credit = clean_line(details.credit)[:200]
    alt = {code: clean_line(text)[:250] for code, text in details.alt.items() if code in CODES}
    if not credit:
        raise DomainError(_("Say who made the picture."), code="credit")
    if not any(alt.values()):
        raise DomainError(_("Describe the picture for those who do not see it."), code="alt")
    if details.kind not in ImageKind:
        raise DomainError(_("Choose a kind of the list."), code="choice")
    if details.kind == ImageKind.LOGO:
        for old in city.images.filter(kind=ImageKind.LOGO):
            _remove(old)
    image = CityImage(city=city, kind=details.kind, credit=credit, width=picture.width, height=picture.height)
    write(image, "alt", alt)
    write(image, "caption", {code: clean_line(text)[:300] for code, text in details.caption.items() if code in CODES})
    image.file.save(f"{uuid.uuid4().hex}.{picture.ending}", ContentFile(without_metadata(data)), save=False)
    image.save()
    return image


@transaction.atomic
def remove_image(image: CityImage, *, by: Any) -> None:
    """Take a picture away, and its file once that is committed."""
    insist(can_edit_city(by, image.city))
    _remove(image)


def _remove(image: CityImage) -> None:
    storage, name = image.file.storage, str(image.file.name)
    image.delete()
    transaction.on_commit(partial(storage.delete, name))


def _looked_at(data: bytes) -> Picture:
    if len(data) > MAX_BYTES:
        raise DomainError(_("The picture is larger than 5 MB."), code="too_large")
    try:
        return measure(data)
    except TooManyPixels as error:
        raise DomainError(_("The picture has more than 50 megapixels. Make it smaller."), code="pixels") from error
    except NotAPicture as error:
        raise DomainError(_("Send the picture as PNG, JPEG or WebP."), code="type") from error
