from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Of a version of a publication: what changes while it is made, and the words it was ordered with.
PROGRESS = ("progress", "token", "lease_until", "attempts", "plan", "foreword", "order_key")


class PracticesConfig(AppConfig):
    """The good-practice library."""

    name = "practices"
    label = "practices"
    verbose_name = _("Good practices")

    def ready(self) -> None:
        from network.audit.registry import register
        from network.frame.pagecache import related_on_pages, shown_on_pages
        from network.people.desk import register_desk
        from network.people.queries.personal_data import register_personal_data
        from practices import deadlines, messages, models
        from practices.queries import (
            bookmarks,
            collections,
            desk,
            desk_versions,
            publications,
            reviews,
            saved_searches,
            verifying,
        )

        shown_parts = (
            models.BuildingBlock,
            models.Lesson,
            models.TransferCondition,
            models.Partner,
            models.PracticeImage,
            models.Result,
            models.Evidence,
        )
        register(*shown_parts, models.PracticeFile, models.PracticeVersion, models.VersionSection)
        # What a reviewer has written so far is nobody else's to read; what is handed in is a PeerReview.
        register(models.ReviewRequest, exclude=("data", "revision", "updated_by", "updated_at"))
        register(
            models.Practice,
            models.PracticeNarrative,
            models.PeerReview,
            models.Adoption,
            models.Label,
            models.LabelKind,
            models.FormerSlug,
            models.ExternalId,
            models.Verification,
        )
        register(
            models.Collection,
            models.CollectionMember,
            models.CollectionInvitation,
            models.CollectionChapter,
            models.CollectionItem,
            models.Publication,
        )
        # What a job changes at every step is no history; that somebody ordered, cancelled or tried again is.
        register(models.PublicationVersion, exclude=PROGRESS, acts_only=True)
        register(models.Practice.themes.through)
        register(models.Concept, exclude=("from_scheme", "mark", "labelled_at"))
        shown_on_pages(
            *shown_parts,
            models.Practice,
            models.PracticeNarrative,
            models.Concept,
            models.PeerReview,
            models.Adoption,
            models.Label,
            models.LabelKind,
        )
        shown_on_pages(models.Collection, models.CollectionChapter, models.CollectionItem)
        related_on_pages(models.Practice.themes.through)
        messages.declare_all()
        deadlines.register()
        register_desk("waiting", collections.desk_invitations)
        register_desk("waiting", desk.adoptions)
        register_desk("doing", publications.desk_publications)
        register_desk("waiting", desk.revisions)
        register_desk("doing", desk.versions)
        register_desk("waiting", desk_versions.to_decide)
        register_desk("waiting", desk_versions.to_answer)
        register_desk("due", desk_versions.to_write)
        register_desk("due", verifying.desk_due)
        register_desk("doing", desk.drafts)
        register_desk("may", desk.writing)
        register_desk("may", desk.published)
        register_desk("may", verifying.desk_list)
        register_desk("may", desk.insight)
        register_desk("may", desk.book)
        register_personal_data("bookmarks", bookmarks.own_bookmarks)
        register_personal_data("saved_searches", saved_searches.own_searches)
        register_personal_data("practice_reviews", reviews.own_reviews)
        register_personal_data("collections", collections.own_collection_data)
        register_personal_data("publications", publications.own_publication_data)
