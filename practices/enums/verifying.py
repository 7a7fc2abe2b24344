"""Whether what a record says is still so: what its city says of it once a year."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from practices.enums import Running


class VerificationKind(models.TextChoices):
    """What is kept of a practice's confirmations."""

    PUBLISHED = "published", pgettext_lazy("verification", "Published")
    STILL_TRUE = "still_true", pgettext_lazy("verification", "Still true")
    CHANGED = "changed", pgettext_lazy("verification", "It has changed")
    ENDED = "ended", pgettext_lazy("verification", "It has ended")
    ASKED = "asked", pgettext_lazy("verification", "The city was asked")


# What a city may answer. The first and the last say what is so on that day; a change is told by a new version.
ANSWERS = (VerificationKind.STILL_TRUE, VerificationKind.CHANGED, VerificationKind.ENDED)
VERIFYING = (VerificationKind.PUBLISHED, VerificationKind.STILL_TRUE, VerificationKind.ENDED)
# What is over is told as it was: nobody is asked whether it is still true.
OVER = (Running.ENDED, Running.DISCONTINUED)


class Freshness(models.TextChoices):
    """How a public practice stands with its confirmation on a day."""

    FRESH = "fresh", _("Confirmed")
    SOON = "soon", _("To be confirmed soon")
    OVERDUE = "overdue", _("Not confirmed in time")
    OVER = "over", _("Over: not asked any more")
