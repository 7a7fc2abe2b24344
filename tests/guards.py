"""Guards that make sloppy code fail (in the manner of les-emplois), and what the test database needs.

`tests/conftest.py` imports these fixtures; every test stands under the automatic ones without asking. Warnings are errors
(pyproject.toml), which makes an unordered query in a paginated list fail too; writes during GET raise by
`network.middleware.read_guard`. `tests/test_guards.py` proves that each guard bites.
"""

from __future__ import annotations

import copy
import re
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.template import engines
from django.template.defaultfilters import default, default_if_none
from django.test import Client, TransactionTestCase
from django.utils import translation

from tests import emptying, prepared

POST_FORM = re.compile(r"<form\b[^>]*method=[\"']?post[^>]*>.*?</form>", re.IGNORECASE | re.DOTALL)
OURS = str(Path(settings.BASE_DIR) / "templates")


class UndefinedVariable(AssertionError):
    """A template of ours used a variable that nobody gave it."""


class MissingToken(AssertionError):
    """A form posts without a CSRF token."""


class Strict(str):
    """Django's `string_if_invalid` that fails the test, unless the template says what to do: `|default:`."""

    __slots__ = ()

    def __new__(cls) -> Strict:
        return super().__new__(cls, "undefined")

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        frame = sys._getframe(1)
        expression, context = frame.f_locals["self"], frame.f_locals["context"]
        template = context.render_context.template
        if (expression.filters and expression.filters[0][0] in {default, default_if_none}) or not from_ours(template):
            plain = copy.copy(expression)
            plain.is_var, plain.var = False, ""
            return plain.resolve(context)
        raise UndefinedVariable(f"{variable} in {template.origin.name if template else 'a template'}")


def from_ours(template) -> bool:
    """Whether the template being rendered is the portal's own: Django's and allauth's are not judged."""
    return bool(template and template.origin and str(template.origin.name).startswith(OURS))


@pytest.fixture(autouse=True)
def undefined_variables_fail(monkeypatch):
    """A variable that is not in the context fails the test instead of rendering as nothing."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Strict())


@pytest.fixture(autouse=True)
def forms_carry_a_token(monkeypatch):
    """Every page a test client gets is searched for forms that would be refused when a person sends them."""
    request = Client.request

    def checked(self, **kwargs):
        response = request(self, **kwargs)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            for form in POST_FORM.findall(response.content.decode(errors="replace")):
                if "csrfmiddlewaretoken" not in form:
                    raise MissingToken(form[:300])
        return response

    monkeypatch.setattr(Client, "request", checked)


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """Each test begins with an empty cache and English, whatever the one before it did."""
    cache.clear()
    translation.activate("en")
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Each process's database begins as a copy of the one that is migrated already."""
    connection.settings_dict["TEST"].update(TEMPLATE=prepared.DATABASE, MIGRATE=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the test runner empty the tables between tests: the guard against TRUNCATE stays in production.

    UPDATE and DELETE on history stay refused here too; `tests/audit` proves it.
    """
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            for table in ("audit_event", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER never_truncated")
        emptying.learn()
    TransactionTestCase._fixture_teardown = lambda case: emptying.empty()
