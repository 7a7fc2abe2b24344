"""States of a practice record, its maturity, what kinds of evidence there are, and how other cities take it up."""

from dataclasses import dataclass
from enum import IntEnum

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


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


# The workflow: from each state, which verbs are possible and where they lead. City and network officers and operators may;
# a city's officers publish by a version that others decide about (VERSIONS).
WORKFLOW: dict[State, dict[Verb, State]] = {
    State.DRAFT: {Verb.PUBLISH: State.PUBLISHED, Verb.ARCHIVE: State.ARCHIVED},
    State.PUBLISHED: {Verb.ARCHIVE: State.ARCHIVED},
    State.ARCHIVED: {Verb.RESTORE: State.DRAFT},
}


class Visibility(models.TextChoices):
    """Who reads a collection."""

    PRIVATE = "private", _("Only its members")
    LINK = "link", _("Everyone who has the link")
    PUBLIC = "public", _("Everyone: it stands in the list")


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


class AdoptionStatus(models.TextChoices):
    """How far another city is with a practice that it took up, by its own account."""

    PLANNED = "planned", pgettext_lazy("adoption", "Planned")
    TRYING = "trying", pgettext_lazy("adoption", "Being tried")
    IN_PLACE = "in_place", pgettext_lazy("adoption", "In place")
    GIVEN_UP = "given_up", pgettext_lazy("adoption", "Given up")


# Only these say that the practice works elsewhere: a plan does not yet, and what was given up no longer does.
TAKEN_UP = (AdoptionStatus.TRYING, AdoptionStatus.IN_PLACE)


class AdoptionState(models.TextChoices):
    """What the two cities say of an adoption: the one that took the practice up, and the one it was taken from."""

    RECORDED = "recorded", pgettext_lazy("adoption", "Not confirmed yet")
    CONFIRMED = "confirmed", pgettext_lazy("adoption", "Confirmed")
    QUESTIONED = "questioned", pgettext_lazy("adoption", "Questioned")
    WITHDRAWN = "withdrawn", pgettext_lazy("adoption", "Withdrawn")


class AdoptionVerb(models.TextChoices):
    """What can be done to an adoption."""

    RECORD = "record", pgettext_lazy("adoption", "Record")
    CONFIRM = "confirm", pgettext_lazy("adoption", "Confirm")
    QUESTION = "question", pgettext_lazy("adoption", "Question")
    CORRECT = "correct", pgettext_lazy("adoption", "Change")
    WITHDRAW = "withdraw", pgettext_lazy("adoption", "Withdraw")


class Side(models.TextChoices):
    """Whose officers act: those of the city that took the practice up, or of the one that wrote it."""

    ADOPTER = "adopter", pgettext_lazy("adoption", "the city that takes it up")
    AUTHOR = "author", pgettext_lazy("adoption", "the city that wrote it")


@dataclass(frozen=True)
class AdoptionStep:
    """One line of the workflow of an adoption: whose officers may, and the state it leads to."""

    who: Side
    to: AdoptionState


# What the author city confirms is that the practice was taken up from it; how that goes on the other city says by itself.
# So a confirmed adoption that is changed stays confirmed: the author city hears of it, and may question it.
ADOPTIONS: dict[AdoptionState, dict[AdoptionVerb, AdoptionStep]] = {
    AdoptionState.RECORDED: {
        AdoptionVerb.CONFIRM: AdoptionStep(Side.AUTHOR, AdoptionState.CONFIRMED),
        AdoptionVerb.QUESTION: AdoptionStep(Side.AUTHOR, AdoptionState.QUESTIONED),
        AdoptionVerb.CORRECT: AdoptionStep(Side.ADOPTER, AdoptionState.RECORDED),
        AdoptionVerb.WITHDRAW: AdoptionStep(Side.ADOPTER, AdoptionState.WITHDRAWN),
    },
    AdoptionState.CONFIRMED: {
        AdoptionVerb.QUESTION: AdoptionStep(Side.AUTHOR, AdoptionState.QUESTIONED),
        AdoptionVerb.CORRECT: AdoptionStep(Side.ADOPTER, AdoptionState.CONFIRMED),
        AdoptionVerb.WITHDRAW: AdoptionStep(Side.ADOPTER, AdoptionState.WITHDRAWN),
    },
    AdoptionState.QUESTIONED: {
        AdoptionVerb.CONFIRM: AdoptionStep(Side.AUTHOR, AdoptionState.CONFIRMED),
        AdoptionVerb.CORRECT: AdoptionStep(Side.ADOPTER, AdoptionState.RECORDED),
        AdoptionVerb.WITHDRAW: AdoptionStep(Side.ADOPTER, AdoptionState.WITHDRAWN),
    },
    AdoptionState.WITHDRAWN: {AdoptionVerb.RECORD: AdoptionStep(Side.ADOPTER, AdoptionState.RECORDED)},
}


class Licence(models.TextChoices):
    """Under which terms a record's texts may be used again, by SPDX's identifiers; empty where the city has not said."""

    CC0 = "CC0-1.0", _("CC0 1.0: public domain")
    CC_BY = "CC-BY-4.0", _("CC BY 4.0: name the source")
    CC_BY_SA = "CC-BY-SA-4.0", _("CC BY-SA 4.0: name the source, share alike")
    CC_BY_NC = "CC-BY-NC-4.0", _("CC BY-NC 4.0: name the source, not for profit")
    RESERVED = "reserved", _("All rights reserved: ask the city")


# Where the terms of a licence stand; those of the last are the city's own.
LICENCE_TERMS = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
}


class Alert(models.TextChoices):
    """When somebody is told of new practices that fit a search they saved."""

    NONE = "none", _("Never")
    AT_ONCE = "at_once", _("As soon as one is published")
    WEEKLY = "weekly", _("Once a week")


class Prevention(models.TextChoices):
    """Whom the work reaches before harm is done (primary, secondary, tertiary prevention)."""

    PRIMARY = "primary", _("Everyone (primary)")
    SECONDARY = "secondary", _("People at risk (secondary)")
    TERTIARY = "tertiary", _("People already involved or harmed (tertiary)")


class LessonKind(models.TextChoices):
    """Whether a lesson tells of what worked or of what did not."""

    WORKED = "worked", _("What worked")
    FAILED = "failed", _("What did not work")


class ConditionKind(models.TextChoices):
    """What another city needs before it can take the practice up."""

    CONDITION = "condition", _("Condition")
    RESOURCES = "resources", _("Least resources")
    LEGAL = "legal", _("Legal prerequisite")


class FileKind(models.TextChoices):
    """What a file of a record is: shown on the page, or offered beside a piece of evidence."""

    PICTURE = "picture", _("Picture")
    DOCUMENT = "document", _("Document")


class VersionState(models.TextChoices):
    """Where a version of a record is on its way to the public page."""

    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    REVISION = "revision", _("Revision asked")
    PUBLISHED = "published", _("Published")
    DISCARDED = "discarded", _("Discarded")


class VersionVerb(models.TextChoices):
    """What can be done to a version."""

    SUBMIT = "submit", _("Submit")
    TAKE_BACK = "take_back", _("Take back")
    START_REVIEW = "start_review", _("Start the review")
    ASK_REVISION = "ask_revision", _("Ask for a revision")
    PUBLISH = "publish", _("Publish")
    DISCARD = "discard", _("Discard")


# A version's way. Writers (officers of the city) submit, take back and discard; network officers and operators do the rest.
# A revision that is submitted again goes back to the reviewers where there were any.
VERSIONS: dict[VersionState, dict[VersionVerb, VersionState]] = {
    VersionState.DRAFT: {
        VersionVerb.SUBMIT: VersionState.SUBMITTED,
        VersionVerb.DISCARD: VersionState.DISCARDED,
    },
    VersionState.SUBMITTED: {
        VersionVerb.TAKE_BACK: VersionState.DRAFT,
        VersionVerb.START_REVIEW: VersionState.IN_REVIEW,
        VersionVerb.ASK_REVISION: VersionState.REVISION,
        VersionVerb.PUBLISH: VersionState.PUBLISHED,
    },
    VersionState.IN_REVIEW: {
        VersionVerb.ASK_REVISION: VersionState.REVISION,
        VersionVerb.PUBLISH: VersionState.PUBLISHED,
    },
    VersionState.REVISION: {
        VersionVerb.SUBMIT: VersionState.SUBMITTED,
        VersionVerb.DISCARD: VersionState.DISCARDED,
    },
    VersionState.PUBLISHED: {},
    VersionState.DISCARDED: {},
}
# In these states the texts may be changed, and in these the version is still on its way.
WRITABLE = (VersionState.DRAFT, VersionState.REVISION)
OPEN = (VersionState.DRAFT, VersionState.SUBMITTED, VersionState.IN_REVIEW, VersionState.REVISION)


class CostBand(models.TextChoices):
    """How much a practice cost, in euro: all of it, else a year. What is told in another currency is not converted."""

    UNKNOWN = "unknown", _("No cost on record")
    UNDER_10 = "under-10000", _("Under €10,000")
    UNDER_50 = "10000-50000", _("€10,000 to €50,000")
    UNDER_250 = "50000-250000", _("€50,000 to €250,000")
    ABOVE = "over-250000", _("Above €250,000")
    OTHER = "other-currency", _("In another currency")


class Facet(IntEnum):
    """What the search counts and filters by. The numbers stand in the index (`rules.facets.key`): kept for ever."""

    CONCEPT = 1
    CITY = 2
    COUNTRY = 3
    READABLE = 4
    ORIGINAL = 5
    MATURITY = 6
    YEAR = 7
    COST = 8
    LABEL = 9


class ChapterBy(models.TextChoices):
    """How a publication is divided."""

    OWN = "own", _("In their order, with the collection’s own chapters")
    THEME = "theme", _("By theme")
    CITY = "city", _("By city")


class MakingState(models.TextChoices):
    """Where a version of a publication is. Once it is ready its bytes never change."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    REMOVED = "removed", _("Removed")


class MakingVerb(models.TextChoices):
    """What happens to a version of a publication."""

    START = "start", _("Start")
    FINISH = "finish", _("Finish")
    FAIL = "fail", _("Fail")
    GIVE_BACK = "give_back", _("Give back")
    CANCEL = "cancel", _("Cancel")
    RETRY = "retry", _("Try again")
    REMOVE = "remove", _("Remove")


# A version's way. People cancel and try again; the job does the rest. One whose worker was killed is given back.
MAKING: dict[MakingState, dict[MakingVerb, MakingState]] = {
    MakingState.QUEUED: {MakingVerb.START: MakingState.RUNNING, MakingVerb.CANCEL: MakingState.CANCELLED},
    MakingState.RUNNING: {
        MakingVerb.FINISH: MakingState.READY,
        MakingVerb.FAIL: MakingState.FAILED,
        MakingVerb.GIVE_BACK: MakingState.QUEUED,
        MakingVerb.CANCEL: MakingState.CANCELLED,
    },
    MakingState.FAILED: {MakingVerb.RETRY: MakingState.QUEUED},
    MakingState.CANCELLED: {MakingVerb.RETRY: MakingState.QUEUED},
    MakingState.READY: {MakingVerb.REMOVE: MakingState.REMOVED},
    MakingState.REMOVED: {},
}


class MakingFault(models.TextChoices):
    """Why no publication came out."""

    EMPTY = "empty", _("None of its practices is public any more.")
    TYPESETTING = "typesetting", _("The pages could not be set. We have been told.")
    TOO_LONG = "too_long", _("It took too long. Choose fewer practices, or try again later.")
    LOST = "lost", _("It was begun three times and never finished. We have been told.")
    ERROR = "error", _("Something went wrong. We have been told.")
