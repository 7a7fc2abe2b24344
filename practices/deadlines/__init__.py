"""The deadlines this app registers.

A deadline on a day ends with that day in UTC: cities have no time zone of their own.
"""

from network.deadlines import register_deadline
from practices.deadlines import labels, reviews, verifying

KINDS = (*reviews.KINDS, *verifying.KINDS, *labels.KINDS)


def register() -> None:
    """Make them known to the engine."""
    for kind in KINDS:
        register_deadline(kind)
