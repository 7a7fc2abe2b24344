"""Noticing which practices came to be seen by everyone since somebody last looked.

Nothing tells it: it is derived from what is public now, so that it does not matter what made a practice public, when, or
whether anybody looked then. One look after the other (`network.locks`): numbers grow in the order in which they are seen.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from network.locks import hold_lock
from practices.models import Appearance, Practice

GONE = """
UPDATE practices_appearance a SET gone_at = %s
WHERE a.gone_at IS NULL AND NOT EXISTS (SELECT FROM ({public}) public(id) WHERE public.id = a.practice_id)
"""
CAME = """
INSERT INTO practices_appearance (practice_id, noticed_at)
SELECT p.id, %s FROM ({public}) public(id) JOIN practices_practice p ON p.id = public.id
WHERE NOT EXISTS (SELECT FROM practices_appearance a WHERE a.practice_id = p.id AND a.gone_at IS NULL)
ORDER BY p.published_at, p.id
"""


@transaction.atomic
def notice() -> int:
    """Write down what came and what went, and answer the highest number there is. Three statements."""
    hold_lock("practices.appearances")
    public, parameters = Practice.objects.visible_to(None).order_by().values("pk").query.sql_with_params()
    now = timezone.now()
    with connection.cursor() as cursor:
        for statement in (GONE, CAME):
            cursor.execute(statement.format(public=public), [now, *parameters])
    return Appearance.objects.order_by("-id").values_list("id", flat=True).first() or 0
