"""A job that takes longer than anybody wants to wait."""

import time
from pathlib import Path

from celery import shared_task


@shared_task(name="tiny.sleep")
def sleep(sign: str) -> None:
    Path(sign).touch()
    time.sleep(300)
