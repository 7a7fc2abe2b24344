from celery import shared_task

from network.mail.domain import sending, ticking


@shared_task(name="mail.send")
def send() -> None:
    """The wake-up after a commit: send what is due."""
    sending.send_due()


@shared_task(name="mail.tick")
def tick() -> None:
    """The minute's run."""
    ticking.tick()
