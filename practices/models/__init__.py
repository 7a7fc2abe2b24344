"""The library's data: the classification, the records and their proof, and what finds them."""

from practices.models.adoptions import Adoption, AdoptionQuerySet
from practices.models.bookmarks import Bookmark
from practices.models.collections import (
    Collection,
    CollectionChapter,
    CollectionInvitation,
    CollectionItem,
    CollectionMember,
    opaque_id,
)
from practices.models.concepts import Concept, new_mark
from practices.models.evidence import Evidence, Result
from practices.models.files import PracticeFile, PracticeImage
from practices.models.harvest import HarvestRecord
from practices.models.insight import LONGEST_ASKED, AskedQuery, MissedTranslation
from practices.models.labels import Label, LabelKind, LabelQuerySet
from practices.models.outside import CreationKey, ExternalId
from practices.models.parts import BuildingBlock, Lesson, Part, Partner, TransferCondition
from practices.models.practices import (
    LANGUAGE_CHOICES,
    FormerSlug,
    Practice,
    PracticeNarrative,
    PracticeQuerySet,
    text_label,
)
from practices.models.publications import Publication, PublicationVersion
from practices.models.reviews import PeerReview, PeerReviewQuerySet, ReviewRequest
from practices.models.saved import LONGEST_NAME, LONGEST_QUERY, Appearance, SavedSearch
from practices.models.search import SearchEntry, SearchWord
from practices.models.verifications import Verification, VerificationQuerySet
from practices.models.versions import PracticeVersion, VersionSection

__all__ = [
    "LANGUAGE_CHOICES",
    "LONGEST_ASKED",
    "LONGEST_NAME",
    "LONGEST_QUERY",
    "Adoption",
    "AdoptionQuerySet",
    "Appearance",
    "AskedQuery",
    "Bookmark",
    "BuildingBlock",
    "Collection",
    "CollectionChapter",
    "CollectionInvitation",
    "CollectionItem",
    "CollectionMember",
    "Concept",
    "CreationKey",
    "Evidence",
    "ExternalId",
    "FormerSlug",
    "HarvestRecord",
    "Label",
    "LabelKind",
    "LabelQuerySet",
    "Lesson",
    "MissedTranslation",
    "Part",
    "Partner",
    "PeerReview",
    "PeerReviewQuerySet",
    "Practice",
    "PracticeFile",
    "PracticeImage",
    "PracticeNarrative",
    "PracticeQuerySet",
    "PracticeVersion",
    "Publication",
    "PublicationVersion",
    "Result",
    "ReviewRequest",
    "SavedSearch",
    "SearchEntry",
    "SearchWord",
    "TransferCondition",
    "Verification",
    "VerificationQuerySet",
    "VersionSection",
    "new_mark",
    "opaque_id",
    "text_label",
]
