"""Member cities and what is known of them. Every fact carries its source; nothing unknown is shown."""

from __future__ import annotations

import re
import uuid
from functools import reduce
from operator import or_
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.enums import CityKind, ContactKind, ImageKind, WorldRegion
from network.text import normalise, transliterate
from network.translation.models import Translated, TranslatedQuerySet, texts_of

# Spellings of one sound in different transliterations: Athina, Atina; Khalkis, Halkis; Phrankfurt, Frankfurt.
SOUNDS = (("th", "t"), ("ph", "f"), ("kh", "h"), ("ou", "u"), ("y", "i"), ("w", "v"))
TWICE = re.compile(r"(.)\1+")


def sounded(text: str) -> str:
    """Text in Latin letters with the spellings of one sound unified; nothing for less than three letters."""
    sound = transliterate(text)
    for written, meant in SOUNDS:
        sound = sound.replace(written, meant)
    sound = TWICE.sub(r"\1", sound)
    return sound if len(sound) >= 3 else ""


class CityQuerySet(TranslatedQuerySet):
    def visible_to(self, user: object) -> CityQuerySet:
        """Every city is public until it is archived."""
        return self.filter(archived_at__isnull=True)

    def matching(self, query: str) -> CityQuerySet:
        """Cities whose name, in any language, script or transliteration, holds every word of the query."""
        found = self
        for word in normalise(query).split()[:8]:
            written = dict.fromkeys(form for form in (word, transliterate(word), sounded(word)) if form)
            found = found.filter(reduce(or_, (models.Q(search_text__contains=form) for form in written)))
        return found


class City(Translated):
    """A member city, municipality, district, region or state.

    Coordinates are WGS 84 degrees of its centre. `search_text` holds its names in every language, normalised, with
    their transliterations and sounds; `domain.cities` keeps it.
    """

    NATIVE = "native_name"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    kind = models.CharField(_("kind"), max_length=24, choices=CityKind, default=CityKind.CITY)
    name = models.CharField(_("name"), max_length=120)
    native_name = models.CharField(_("native name"), max_length=120, blank=True)
    native_language = models.CharField(
        _("language of the native name"), max_length=12, blank=True, help_text=_("BCP 47")
    )
    also_known_as = ArrayField(
        models.CharField(max_length=120), verbose_name=_("also known as"), default=list, blank=True
    )
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1, two letters"))
    region = models.CharField(_("region"), max_length=24, choices=WorldRegion)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the population figure"), null=True, blank=True)
    population_source = models.CharField(_("source of the population figure"), max_length=200, blank=True)
    population_approximate = models.BooleanField(_("approximate figure"), default=False)
    languages = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("BCP 47 codes"),
    )
    website = models.URLField(_("website"), blank=True)
    profile = models.TextField(_("profile"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    search_text = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects: ClassVar[CityQuerySet] = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True) | models.Q(latitude__range=(-90, 90)), name="city_latitude"
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True) | models.Q(longitude__range=(-180, 180)),
                name="city_longitude",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="city_both_coordinates",
            ),
        ]
        indexes = [
            models.Index(fields=["country"], name="city_country"),
            models.Index(fields=["region"], name="city_region"),
            # Nearly none: every search asks which to leave out, several times.
            models.Index(fields=["id"], condition=models.Q(archived_at__isnull=False), name="city_in_the_archive"),
        ]

    def __str__(self) -> str:
        return self.name or self.native_name or self.slug

    def get_absolute_url(self) -> str:
        return reverse("portal:city", args=[self.slug])

    def compose_search_text(self) -> str:
        """What a search for this city looks into: every name, normalised, transliterated and as it sounds, each once."""
        names = [*texts_of(self, "name").values(), self.native_name, *self.also_known_as]
        forms = [form for name in names if name for form in (normalise(name), transliterate(name), sounded(name))]
        return " | ".join(dict.fromkeys(form for form in forms if form))


class CityIdentifier(models.Model):
    """The city's id in a public list, as (scheme, value), for example (wikidata, Q1524)."""

    city = models.ForeignKey(City, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("list"), max_length=24)
    value = models.CharField(_("id"), max_length=64)

    class Meta:
        verbose_name = _("outside id")
        verbose_name_plural = _("outside ids")
        ordering = ["scheme"]
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="one_city_per_outside_id")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class CityContact(models.Model):
    """A person or office to turn to. Addresses are never shown: visitors write through a form.

    `as_of` says when the fact was true; an office-holder is not current for ever.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=16, choices=ContactKind, default=ContactKind.GENERAL)
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("office"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    public = models.BooleanField(_("shown to everyone"), default=False)
    as_of = models.CharField(_("as of"), max_length=10, blank=True, help_text=_("Year, year-month or date"))
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["city_id", "kind", "id"]

    def __str__(self) -> str:
        return self.name


class CityImage(models.Model):
    """A logo or photo, with its credit; caption and alternative text are translated."""

    city = models.ForeignKey(City, models.CASCADE, related_name="images")
    kind = models.CharField(_("kind"), max_length=8, choices=ImageKind, default=ImageKind.PHOTO)
    file = models.FileField(_("file"), upload_to="city-images/")
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt = models.CharField(_("description for those who do not see it"), max_length=250, blank=True)
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["city_id", "kind", "id"]

    def __str__(self) -> str:
        return f"{self.city_id} {self.kind}"
