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
from practices.models.evidence import Evidence, PeerReview, Result
from practices.models.harvest import HarvestRecord
from practices.models.practices import (
    LANGUAGE_CHOICES,
    FormerSlug,
    Practice,
    PracticeNarrative,
    PracticeQuerySet,
    text_label,
)
from practices.models.saved import LONGEST_NAME, LONGEST_QUERY, Appearance, SavedSearch
from practices.models.search import SearchEntry

__all__ = [
    "LANGUAGE_CHOICES",
    "LONGEST_NAME",
    "LONGEST_QUERY",
    "Adoption",
    "AdoptionQuerySet",
    "Appearance",
    "Bookmark",
    "Collection",
    "CollectionChapter",
    "CollectionInvitation",
    "CollectionItem",
    "CollectionMember",
    "Concept",
    "Evidence",
    "FormerSlug",
    "HarvestRecord",
    "PeerReview",
    "Practice",
    "PracticeNarrative",
    "PracticeQuerySet",
    "Result",
    "SavedSearch",
    "SearchEntry",
    "new_mark",
    "opaque_id",
    "text_label",
]
