"""A mail server for tests that need one to talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail.sink import Sink


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """An SMTP server on loopback, and the portal set up to hand its mails to it."""
    server = Sink().start()
    settings.EMAIL_BACKEND = "network.mail.gateways.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
    yield server
    server.stop()
