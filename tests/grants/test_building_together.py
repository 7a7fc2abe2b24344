"""Two people who build one form at the same moment, on real connections."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from grants.domain import building
from grants.domain.drafts import start_application
from grants.domain.questions import Asking
from grants.models import FormVersion
from grants.queries.form_versions import sections_of
from grants.rules.seen import mark_of
from network.doors import DomainError
from tests.grants import builders
from tests.grants.test_building import add, question
from tests.threads import in_threads


@pytest.mark.django_db(transaction=True)
def test_two_people_who_begin_to_build_write_into_one_draft_and_neither_overwrites_the_other():
    by, now = builders.operator(), timezone.now()
    times = {"opens": now + timedelta(days=30), "closes": now + timedelta(days=60)}
    made = builders.round_of(builders.fund(), **times, published=False, form=False)
    more = {"by": by, "at": now}
    added = in_threads(4, lambda n: add(made, more, label={"en": "Who?"}))
    assert sorted(added) == ["who", "who-2", "who-3", "who-4"]
    assert FormVersion.objects.get().number == 1
    seen = mark_of(question(made, "who"))

    def rewrite(n):
        building.change_question(made, "who", Asking("short_text", {"en": f"Writer {n}"}), seen=seen, **more)

    results = in_threads(2, rewrite)
    assert [one.code for one in results if isinstance(one, DomainError)] == ["stale"]


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_changed_while_it_is_published_is_never_published_unseen():
    by, now, user = builders.operator(), timezone.now(), builders.person()
    made, of = builders.round_of(builders.fund()), builders.organisation(user)
    more = {"by": by, "at": now}
    add(made, more)
    seen, check = mark_of(sections_of(made)[0]), builders.yes(made, user)
    acts = (
        lambda: building.publish_draft(made, seen=seen, **more),
        lambda: add(made, more, label={"en": "Late"}),
        lambda: start_application(made, of, by=user, at=now, eligibility=check),
    )
    results = in_threads(3, lambda n: acts[n]())
    assert not isinstance(results[1], Exception)
    published = made.forms.filter(published_at__isnull=False).latest("number")
    assert not any(field["key"] == "late" for one in published.sections for field in one["fields"])
    assert question(made, "late") is not None
    assert results[2].form.published_at is not None
