"""Sending requests over connections that are kept open, from a few threads, and noting how long each took."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from dataclasses import dataclass, field

from bench.pages import ASK, TOLD, Page

THREADS = 2


class WrongAnswer(RuntimeError):
    """A page did not answer 200: nothing is measured of an error page."""


@dataclass
class Sent:
    """What a burst of requests came to: the wall time of each in seconds."""

    times: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.times)

    def percentile(self, share: float) -> float:
        """The wall time that `share` of the requests did not pass, in milliseconds."""
        return sorted(self.times)[min(self.count - 1, int(self.count * share))] * 1000


def ask_queries(port: int, page: Page, number: int) -> int:
    """How many statements one request of this kind takes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        answer = _get(connection, page, number, {ASK: "1"})
        return int(answer.headers[TOLD])
    finally:
        connection.close()


def burst(port: int, page: Page, seconds: float, numbers: itertools.count[int], at_most: int) -> Sent:
    """Requests one after the other from each of THREADS threads, for that long or `at_most` of them. Raises WrongAnswer."""
    sent, until = Sent(), time.monotonic() + seconds
    faults: list[BaseException] = []
    left = itertools.count(at_most, -1)

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            while time.monotonic() < until and next(left) > 0 and not faults:
                began = time.perf_counter()
                _get(connection, page, next(numbers), {})
                sent.times.append(time.perf_counter() - began)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sent


def _get(
    connection: http.client.HTTPConnection, page: Page, number: int, extra: dict[str, str]
) -> http.client.HTTPResponse:
    address = page.address(number)
    connection.request("GET", address, headers={**page.headers, **extra})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise WrongAnswer(f"{address} answered {answer.status} {answer.headers.get('Location', '')} {body[:200]!r}")
    return answer
