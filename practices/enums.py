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


# The parameter of the library's list that filters by concepts of that kind.
FILTERS = {ConceptKind.THEME: "theme", ConceptKind.TARGET_GROUP: "group", ConceptKind.APPROACH: "approach"}


class EvidenceKind(models.TextChoices):
    """Where evidence comes from."""

    EXTERNAL_EVALUATION = "external_evaluation", _("External evaluation")
    INTERNAL_MONITORING = "internal_monitoring", _("Internal monitoring")
    PARTICIPANT_SURVEY = "participant_survey", _("Survey of participants")
    ACADEMIC_STUDY = "academic_study", _("Academic study")


class Licence(models.TextChoices):
    """Under which terms a record's texts may be used again, by SPDX's identifiers; empty where the city has not said."""

    CC0 = "CC0-1.0", _("CC0 1.0: public domain")
    CC_BY = "CC-BY-4.0", _("CC BY 4.0: name the source")
    CC_BY_SA = "CC-BY-SA-4.0", _("CC BY-SA 4.0: name the source, share alike")
    CC_BY_NC = "CC-BY-NC-4.0", _("CC BY-NC 4.0: name the source, not for profit")
    RESERVED = "reserved", _("All rights reserved: ask the city")
