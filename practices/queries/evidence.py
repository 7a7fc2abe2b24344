"""What maturity is judged by, read from the evidence rows."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef

from practices.enums import Maturity
from practices.models import Adoption, Evidence, PeerReview, Practice, PracticeQuerySet, Result
from practices.rules.maturity import Facts, facts_from


def facts_of(practice: Practice) -> Facts:
    """The facts of a practice as they stand now; four small queries."""
    of_it = {"practice_id": practice.pk}
    return facts_from(
        practice,
        Result.objects.filter(**of_it).only("baseline").order_by(),
        Evidence.objects.filter(**of_it).only("kind", "independent").order_by(),
        PeerReview.objects.public().filter(**of_it).order_by("id"),
        Adoption.objects.filter(**of_it).only("city_id", "state", "status").order_by(),
    )


def ripe(today: datetime.date) -> PracticeQuerySet:
    """Emerging practices that have a measured result and began a year ago or earlier: time may have lifted them."""
    measured = Result.objects.filter(practice=OuterRef("pk"), baseline__isnull=False)
    began = Practice.objects.filter(maturity=Maturity.EMERGING, started_on__lte=today - datetime.timedelta(days=365))
    return began.filter(Exists(measured)).order_by("pk")
