"""The guard of this folder bites: what a browser complains of fails the test that made it complain."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow
WRONGS = """() => {
  document.body.insertAdjacentHTML("beforeend", '<p style="color: red">inline</p>');
  setTimeout(() => { throw new Error("a script fell over"); });
  return fetch("/no-such-file.css");
}"""


def test_violations_errors_and_failed_requests_are_noticed(reader):
    visitor = reader("en")
    visitor.open("portal:about")
    visitor.page.evaluate(WRONGS)
    visitor.page.wait_for_timeout(100)
    noticed = " ".join(visitor.unforgiven())
    for sign in ("Content Security Policy", "a script fell over", "status of 404"):
        assert sign in noticed
        visitor.expects(sign)
    assert visitor.unforgiven() == []
