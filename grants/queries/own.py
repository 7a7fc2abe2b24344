"""An organisation's applications for a program that acts for one of the people who write them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from grants.enums import State
from grants.models import Application, ApplicationVersion, Attachment
from network.scanner import Scan

# What an applicant sees of a state: until a decision is released nothing after sending tells more.
SHOWN = {State.DRAFT: "draft", State.LAPSED: "lapsed", State.WITHDRAWN: "withdrawn"}
SENT = "sent"


def shown_state(application: Application) -> str:
    """draft, sent, lapsed or withdrawn."""
    return SHOWN.get(State(application.state), SENT)


def own_applications(user: Any, organisation_uuid: str) -> QuerySet[Application]:
    """The organisation's applications that this person is a member of, the last changed first, with their sent versions
    (without answers). Two queries."""
    versions = ApplicationVersion.objects.defer("answers").order_by("number")
    return (
        Application.objects.visible_to(user)
        .filter(organisation__uuid=organisation_uuid, organisation__archived_at=None)
        .select_related("round__fund", "form", "organisation")
        .prefetch_related(Prefetch("versions", versions))
        .order_by("-changed_at", "-id")
    )


def own_application(user: Any, organisation_uuid: str, application_uuid: uuid.UUID) -> Application:
    """One of them. Http404 where there is none of that number."""
    found = own_applications(user, organisation_uuid).filter(uuid=application_uuid).first()
    if found is None:
        raise Http404
    return found


def own_file(application: Application, file_uuid: uuid.UUID) -> Attachment:
    """A clean file of the draft, or of any version that was sent. Http404 for others."""
    file = application.attachments.filter(uuid=file_uuid, scan=Scan.CLEAN).first()
    sent = {one["uuid"] for version in application.versions.all() for one in version.files}
    if file is None or (file.removed_at is not None and str(file.uuid) not in sent):
        raise Http404
    return file
