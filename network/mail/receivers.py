"""What Celery tells us about the jobs it runs."""

from __future__ import annotations

from typing import Any

from celery.signals import task_prerun

from network.mail.domain import periodic


@task_prerun.connect(dispatch_uid="mail.job_began", weak=False)
def began(task: Any, **kwargs: Any) -> None:
    """A worker begins a job: `manage.py tick` will see that it need not."""
    periodic.record(task.name)
