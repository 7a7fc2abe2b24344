"""Versions of practices on their way: what waits for peers, for a decision, for its city. Deciding happens on the version's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from network.frame.moments import day_text
from network.frame.names import language_name
from network.membership.models import Membership
from network.portal.admin import pickers
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.history import moment_words
from network.portal.admin.lists import Question, choice_filter, country_filter, name_through
from network.portal.admin.practices import chip
from network.portal.admin.standing import AUDITOR, OFFICER, OPERATOR, Standing
from network.portal.work_queue import Tile, wait_here
from practices.enums import VersionState
from practices.enums.reviews import AWAITED, ReviewState
from practices.models import PracticeVersion, ReviewRequest, VersionSection
from practices.queries.versions import version_title
from practices.queries.waiting import WAITING, to_ask, to_decide, with_late_review

CHIPS = {
    VersionState.SUBMITTED: "watch",
    VersionState.IN_REVIEW: "civic",
    VersionState.REVISION: "watch",
    VersionState.PUBLISHED: "good",
}


def handed_in(standing: Standing) -> Q:
    """What was submitted at least once, or published: drafts belong to those who write them."""
    return ~Q(state=VersionState.DRAFT) & (Q(submitted_at__isnull=False) | Q(state=VersionState.PUBLISHED))


def of_own_cities(standing: Standing) -> Q:
    """The same of cities in the networks whose officer one is."""
    cities = Membership.objects.filter(network__uuid__in=standing.networks).values("city_id")
    return handed_in(standing) & Q(practice__city__in=cities)


def in_states(*states: VersionState) -> Any:
    return lambda rows: rows.filter(state__in=states)


@admin.register(PracticeVersion)
class PracticeVersionAdmin(KoineModelAdmin):
    """What cities submitted. Nothing is changed here: reviewers are asked and versions decided on their own pages."""

    reach = {OPERATOR: Reach(handed_in), AUDITOR: Reach(handed_in), OFFICER: Reach(of_own_cities)}
    menu_group, menu_position = gettext_lazy("Library"), 41
    empty_words = gettext_lazy("No version answers this. Drafts stay with the cities that write them.")
    list_display = ("shown_name", "shown_city", "shown_number", "shown_state", "shown_reviews", "submitted", "decided")
    list_filter = (choice_filter("state"), country_filter("practice__city__country"))
    list_ordering = ("-submitted_at", "pk")
    search_fields = ("practice__slug",)
    search_help_text = gettext_lazy("Title as the city wrote it, or the city")
    questions = (
        Question("waiting", gettext_lazy("Wait for review or decision"), in_states(*WAITING)),
        Question("to-ask", gettext_lazy("Without two reviewers"), to_ask),
        Question("to-decide", gettext_lazy("Reviewed and to be decided"), to_decide),
        Question("late", gettext_lazy("A reviewer is late"), with_late_review),
        Question("revision", gettext_lazy("A revision is asked of the city"), in_states(VersionState.REVISION)),
        Question(
            "unreviewed",
            gettext_lazy("Published without two reviews"),
            lambda rows: rows.exclude(unreviewed_because=""),
        ),
    )
    facts = (
        (None, ("shown_name", "shown_city_name", "shown_number", "language_told", "shown_state", "page_told")),
        (gettext_lazy("What the city says"), ("note", "small", "submitted_told")),
        (gettext_lazy("Reviews"), ("reviews_told",)),
        (gettext_lazy("Decision"), ("decision", "unreviewed_because", "decided_told", "published_told")),
    )
    readonly_fields = (
        "shown_name", "shown_city_name", "shown_number", "language_told", "shown_state", "page_told", "note", "small",
        "submitted_told", "reviews_told", "decision", "unreviewed_because", "decided_told", "published_told",
    )  # fmt: skip

    def menu_name(self) -> str:
        return _("Versions of practices")

    def menu_entries(self) -> list[dict[str, Any]]:
        """None: an officer's menu is full. Tiles and the list of practices lead here."""
        return []

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("practice__city", "submitted_by", "decided_by")

    def list_rows(self, rows: QuerySet) -> QuerySet:
        reviews = ReviewRequest.objects.filter(version=OuterRef("pk")).order_by().values("version")
        done = Q(state=ReviewState.DONE)
        about = VersionSection.objects.filter(version=OuterRef("pk"), section="about").order_by()
        return rows.select_related(None).annotate(
            shown_title=Subquery(about.values("data__title")[:1]),
            shown_city_text=name_through("practice__city__name", native="practice__city__native_name"),
            reviews_done=Coalesce(Subquery(reviews.annotate(n=Count("pk", filter=done)).values("n")), 0),
            reviews_asked=Coalesce(
                Subquery(reviews.annotate(n=Count("pk", filter=done | Q(state__in=AWAITED))).values("n")), 0
            ),
            practice_slug=F("practice__slug"),
        ).only("number", "state", "submitted_at", "decided_at", "practice_id")  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        titled = VersionSection.objects.filter(section="about", data__title__icontains=term).order_by()
        cities = pickers.cities().rows.matching(term).order_by()
        return queryset.filter(Q(pk__in=titled.values("version")) | Q(practice__city__in=cities.values("pk"))), False

    def name_of(self, obj: Any) -> str:
        return _("%(title)s, version %(number)d") % {"title": version_title(obj).text, "number": obj.number}

    def row_name(self, obj: Any) -> str:
        return obj.shown_title or obj.practice_slug

    def public_url(self, obj: Any) -> str:
        return reverse("practices:version", args=[obj.practice.slug, obj.number])

    @admin.display(description=gettext_lazy("Practice"))
    def shown_name(self, obj: Any) -> str:
        return self.row_name(obj) if hasattr(obj, "practice_slug") else version_title(obj).text

    @admin.display(description=gettext_lazy("City"), ordering="shown_city_text")
    def shown_city(self, obj: Any) -> str:
        return obj.shown_city_text

    @admin.display(description=gettext_lazy("City"))
    def shown_city_name(self, obj: Any) -> str:
        return str(obj.practice.city)

    @admin.display(description=gettext_lazy("Version"), ordering="number")
    def shown_number(self, obj: Any) -> str:
        return str(obj.number)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def shown_state(self, obj: Any) -> str:
        return chip(obj.get_state_display(), CHIPS.get(VersionState(obj.state), ""))

    @admin.display(description=gettext_lazy("Reviews"))
    def shown_reviews(self, obj: Any) -> str:
        if not obj.reviews_asked:
            return ""
        return _("%(done)d of %(asked)d") % {"done": obj.reviews_done, "asked": obj.reviews_asked}

    @admin.display(description=gettext_lazy("Submitted"), ordering="submitted_at")
    def submitted(self, obj: Any) -> str:
        return day_text(obj.submitted_at.date()) if obj.submitted_at else ""

    @admin.display(description=gettext_lazy("Decided"), ordering="decided_at")
    def decided(self, obj: Any) -> str:
        return day_text(obj.decided_at.date()) if obj.decided_at else ""

    @admin.display(description=gettext_lazy("Written in"))
    def language_told(self, obj: Any) -> str:
        return language_name(obj.language)

    @admin.display(description=gettext_lazy("To act"))
    def page_told(self, obj: Any) -> str:
        """Where reviewers are asked and the decision is made."""
        words = _("Ask reviewers, read the reviews, decide")
        return format_html('<a href="{}">{}</a>', self.public_url(obj), words)

    @admin.display(description=gettext_lazy("small change"))
    def small(self, obj: Any) -> str:
        return _("Yes") if obj.minor else _("No")

    @admin.display(description=gettext_lazy("Submitted"))
    def submitted_told(self, obj: Any) -> str:
        return told(obj.submitted_at, obj.submitted_by)

    @admin.display(description=gettext_lazy("Decided"))
    def decided_told(self, obj: Any) -> str:
        return told(obj.decided_at, obj.decided_by)

    @admin.display(description=gettext_lazy("Published"))
    def published_told(self, obj: Any) -> str:
        return told(obj.published_at, None)

    @admin.display(description=gettext_lazy("Reviewers"))
    def reviews_told(self, obj: Any) -> str:
        """Who was asked, how far they are, and by when it is due."""
        rows = obj.review_requests.select_related("reviewer").order_by("id")
        lines = ((one.reviewer.display_name, one.get_state_display(), day_text(one.due_on)) for one in rows)
        return format_html_join("", "<p><bdi>{}</bdi>: {} · {}</p>", lines)


def told(moment: Any, by: Any) -> str:
    """A moment, and who it was where that is known."""
    if moment is None:
        return ""
    when = format_html("<bdi>{}</bdi>", moment_words(moment))
    return format_html("{} · <bdi>{}</bdi>", when, by.display_name) if by else when


wait_here(
    Tile(
        PracticeVersion,
        "to-ask",
        gettext_lazy("Practices submitted, without two reviewers"),
        gettext_lazy("Ask peers from other cities"),
        position=31,
        urgent=True,
    ),
    Tile(
        PracticeVersion,
        "to-decide",
        gettext_lazy("Practices whose reviews are in"),
        gettext_lazy("Publish them or ask for a revision"),
        position=32,
        urgent=True,
    ),
    Tile(
        PracticeVersion,
        "late",
        gettext_lazy("Practices whose reviewer is late"),
        gettext_lazy("Ask after it, or ask somebody else"),
        position=33,
    ),
)
