"""The search table."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practices.models.practices import Practice


class SearchEntry(models.Model):
    """One row per published practice and language: that version's text, folded by `network.text`, as a tsvector.

    Besides, the same in each of a practice's rows: what it is counted by (`rules.facets`; its city's key first), when it
    was published, and in how many cities it was taken up. `form` is how the row was made: where the code makes rows in
    another way (`domain.search.FORM`), those of before are behind.

    Written by `domain.search` only; rebuilt by `manage.py reindex_practices`. The vectors are stored aside of the rows
    (migration `search`), so that finding and counting read little and only ranking reads vectors.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="search_entries")
    language = models.CharField(max_length=5)
    tsv = SearchVectorField()
    keys = ArrayField(models.IntegerField(), default=list)
    published_at = models.DateTimeField(default=timezone.now)
    reused = models.PositiveSmallIntegerField(default=0)
    form = models.PositiveSmallIntegerField(default=0)
    indexed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[SearchEntry]] = models.Manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        ordering = ["practice_id", "language"]
        constraints = [models.UniqueConstraint(fields=["practice", "language"], name="one_entry_per_language")]
        indexes = [GinIndex(fields=["tsv"], name="practice_search", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.language}"


# So many of the newest 20,000 versions of a language have one of its commonest words (`queries.common`). By a sixth more than are
# counted of what is found: a library does not lose that many between two counts.
COMMON = 12_000


class SearchWord(models.Model):
    """A word of the search table in one language: its folded form, in how many practices it stands, and what is near it.

    `near` holds the form and all that is left of it without one letter, also of the form in Latin letters: words typed a
    letter wrong are found by these (`queries.spelling`). Counted by `domain.words.count_words` from the vectors.
    """

    language = models.CharField(max_length=5)
    form = models.CharField(max_length=40)
    practices = models.PositiveIntegerField()
    near = ArrayField(models.TextField())
    counted_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[SearchWord]] = models.Manager()

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        ordering = ["language", "form"]
        constraints = [models.UniqueConstraint(fields=["language", "form"], name="one_search_word_per_language")]
        indexes = [
            GinIndex(fields=["near"], name="search_word_near", fastupdate=False),
            models.Index(fields=["form"], name="search_word_form"),
            models.Index(fields=["form"], name="search_word_common", condition=models.Q(practices__gte=COMMON)),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.language}"
