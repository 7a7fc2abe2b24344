"""States of a practice record, its maturity, and what kinds of evidence there are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a record is. Only published ones are public."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Verb(models.TextChoices):
    """What can be done to a record."""

    PUBLISH = "publish", _("Publish")
    ARCHIVE = "archive", _("Archive")
    RESTORE = "restore", _("Take out of the archive")


# The workflow: from each state, which verbs are possible and where they lead. City and network officers and operators may.
WORKFLOW: dict[State, dict[Verb, State]] = {
    State.DRAFT: {Verb.PUBLISH: State.PUBLISHED, Verb.ARCHIVE: State.ARCHIVED},
    State.PUBLISHED: {Verb.ARCHIVE: State.ARCHIVED},
    State.ARCHIVED: {Verb.RESTORE: State.DRAFT},
}


class Maturity(models.TextChoices):
    """How well proven a practice is: computed from its evidence (`rules.maturity_of`), never typed."""

    EMERGING = "emerging", _("Emerging")
    PROMISING = "promising", _("Promising")
    GOOD = "good", _("Good")
    TRANSFERRED = "transferred", _("Transferred")


class Running(models.TextChoices):
    """Whether the work itself still runs."""

    PILOT = "pilot", _("Pilot")
    RUNNING = "running", _("Running")
    REGULAR = "regular", _("Part of regular services")
    ENDED = "ended", _("Ended")
    DISCONTINUED = "discontinued", _("Discontinued")


class ConceptKind(models.TextChoices):
    """What a concept of the scheme classifies."""

    THEME = "theme", _("Theme")
    TARGET_GROUP = "target_group", _("Target group")
    APPROACH = "approach", _("Approach")


class EvidenceKind(models.TextChoices):
    """Where evidence comes from."""

    EXTERNAL_EVALUATION = "external_evaluation", _("External evaluation")
    INTERNAL_MONITORING = "internal_monitoring", _("Internal monitoring")
    PARTICIPANT_SURVEY = "participant_survey", _("Survey of participants")
    ACADEMIC_STUDY = "academic_study", _("Academic study")
