"""What a browser does on the pages of applications."""

from contextlib import contextmanager
from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import translation


def at(name: str, *args, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"grants:{name}", args=args)


@contextmanager
def at_closing(client, user, application):
    """The second of the deadline, in a browser signed in since a moment."""
    with time_machine.travel(application.round.closes_at - timedelta(minutes=1), tick=False) as clock:
        client.force_login(user)
        clock.move_to(application.round.closes_at)
        yield


def post_section(client, application, key, answers, revision=1, language="en", **extra):
    data = {**{f"a-{name}": value for name, value in answers.items()}, "revision": revision, **extra}
    return client.post(at("section", application.opaque_id, key, language=language), data)


def autosave(client, application, section="project", revision=1, **answers):
    data = {**{f"a-{name}": value for name, value in answers.items()}, "section": section, "revision": revision}
    return client.post(at("autosave", application.opaque_id), data)


def text(response) -> str:
    """The page in characters."""
    return response.content.decode()


def lines(rows, prefix="lines", initial=0):
    """What a form of rows is posted with."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for n, row in enumerate(rows):
        data |= {f"{prefix}-{n}-{name}": value for name, value in row.items()}
    return data
