"""The commonest words of a large library, as `domain.words` counted them last.

Of a word that most texts of a language hold two things need not be asked: whether more than 10,000 practices have it, and
where it is only the beginning of a longer one, for which the index would gather all that begins so in the whole library.
"""

from __future__ import annotations

from network.frame.pagecache import kept
from practices.models import SearchWord
from practices.models.search import COMMON


def common_words() -> frozenset[str]:
    """The folded forms that at least COMMON practices had in one language. None in a library of less. Kept until content
    changes."""
    return kept("practices.words.common", _common_words)


def _common_words() -> frozenset[str]:
    return frozenset(SearchWord.objects.filter(practices__gte=COMMON).order_by().values_list("form", flat=True))
