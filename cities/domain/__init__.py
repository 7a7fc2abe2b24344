"""The verbs about cities."""

from cities.domain.cities import (
    CityDetails,
    archive_city,
    details_of,
    register_city,
    restore_city,
    update_city,
)
from cities.domain.contacts import (
    About,
    ContactDetails,
    ContactLetter,
    add_contact,
    change_contact,
    remove_contact,
    write_to_city,
)
from cities.domain.images import ImageDetails, add_image, remove_image

__all__ = [
    "About",
    "CityDetails",
    "ContactDetails",
    "ContactLetter",
    "ImageDetails",
    "add_contact",
    "add_image",
    "archive_city",
    "change_contact",
    "details_of",
    "register_city",
    "remove_contact",
    "remove_image",
    "restore_city",
    "update_city",
    "write_to_city",
]
