"""Tables of grant-making, by subject: funds and rounds, eligibility, forms, applications."""

from grants.models.applications import (
    AnswerSection,
    Application,
    ApplicationMember,
    ApplicationVersion,
    Attachment,
    SubmitAttempt,
)
from grants.models.extensions import Extension
from grants.models.forms import EligibilityCheck, EligibilityCriterion, FormVersion
from grants.models.funds import Contribution, Criterion, Fund, Round, Tier
from grants.models.interest import Interest
from grants.models.letters import RoundLetter
from grants.models.people import ApplicationInvitation, Comment, CommentsTold

__all__ = [
    "AnswerSection",
    "Application",
    "ApplicationInvitation",
    "ApplicationMember",
    "ApplicationVersion",
    "Attachment",
    "Comment",
    "CommentsTold",
    "Contribution",
    "Criterion",
    "EligibilityCheck",
    "EligibilityCriterion",
    "Extension",
    "FormVersion",
    "Fund",
    "Interest",
    "Round",
    "RoundLetter",
    "SubmitAttempt",
    "Tier",
]
