"""What maturity is judged by, read from the evidence rows."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from practices.models import Adoption, Evidence, PeerReview, Practice, PracticeQuerySet, Result
from practices.rules.maturity import EXTERNAL, Facts


def _count(rows) -> Coalesce:
    counted = rows.order_by().values("practice_id").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted), 0)


def with_facts(practices: PracticeQuerySet) -> PracticeQuerySet:
    """Annotate each practice with the counts that `facts_of` reads."""
    of_it = {"practice_id": OuterRef("pk")}
    return practices.annotate(
        fact_measured=_count(Result.objects.filter(baseline__isnull=False, **of_it)),
        fact_evaluated=Exists(Evidence.objects.filter(kind__in=EXTERNAL, independent=True, **of_it)),
        fact_reviews=_count(PeerReview.objects.filter(**of_it)),
        fact_adoptions=_count(Adoption.objects.filter(~Q(city_id=F("practice__city_id")), **of_it)),
    )


def facts_of(practice: Practice) -> Facts:
    """The facts of a practice; one query unless it comes from `with_facts`."""
    if not hasattr(practice, "fact_measured"):
        columns = ("id", "started_on", "started_precision", "ended_on", "settings_count")
        practice = with_facts(Practice.objects.only(*columns)).get(pk=practice.pk)
    counted = vars(practice)
    return Facts(
        started_on=practice.started_on,
        started_precision=practice.started_precision,
        ended_on=practice.ended_on,
        measured=counted["fact_measured"],
        settings=practice.settings_count,
        evaluated=counted["fact_evaluated"],
        reviews=counted["fact_reviews"],
        adoptions=counted["fact_adoptions"],
    )
