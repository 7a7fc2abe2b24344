"""A network's labels: what a label is on a day. Computed from its dates (`models.Label.state_on`), never stored."""

from django.db import models
from django.utils.translation import pgettext_lazy


class LabelState(models.TextChoices):
    """What a label says on a day. It expires by itself: no job changes anything when its last day is over."""

    UPCOMING = "upcoming", pgettext_lazy("label", "Not valid yet")
    VALID = "valid", pgettext_lazy("label", "Valid")
    EXPIRED = "expired", pgettext_lazy("label", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("label", "Withdrawn")


class LabelEvent(models.TextChoices):
    """What the city is told of a label of its practice."""

    AWARDED = "awarded", pgettext_lazy("label", "Awarded")
    RENEWED = "renewed", pgettext_lazy("label", "Renewed")
    WITHDRAWN = "withdrawn", pgettext_lazy("label", "Withdrawn")
