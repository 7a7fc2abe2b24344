"""Kinds of member, world regions, and what a contact or a picture is."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class CityKind(models.TextChoices):
    """What kind of sub-national body a member is."""

    CITY = "city", _("City")
    MUNICIPALITY = "municipality", _("Municipality")
    DISTRICT = "district", _("District")
    REGION = "region", _("Region")
    STATE = "state", pgettext_lazy("kind of member", "State")
    METROPOLITAN = "metropolitan_authority", _("Metropolitan authority")


class WorldRegion(models.TextChoices):
    """The region of the world a city is in; a network may group its members by regions of its own."""

    EUROPE = "europe", _("Europe")
    NORTH_AMERICA = "north_america", _("North America")
    LATIN_AMERICA = "latin_america", _("Latin America and the Caribbean")
    MENA = "mena", _("Middle East and North Africa")
    SUB_SAHARAN = "sub_saharan_africa", _("Sub-Saharan Africa")
    SOUTH_ASIA = "south_asia", _("South Asia")
    CENTRAL_ASIA = "central_asia", _("Central Asia")
    EAST_ASIA = "east_asia_pacific", _("East Asia and the Pacific")
    OCEANIA = "oceania", _("Oceania")


class ContactKind(models.TextChoices):
    """What a contact is for."""

    POLITICAL = "political", _("Political lead")
    COORDINATOR = "coordinator", _("Coordinator")
    PRESS = "press", _("Press")
    FINANCE = "finance", _("Finance")
    GENERAL = "general", _("General")


class ImageKind(models.TextChoices):
    """What a picture is."""

    LOGO = "logo", _("Logo")
    PHOTO = "photo", _("Photo")
