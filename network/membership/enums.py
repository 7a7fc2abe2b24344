"""Kinds of network and member, what can be decided about a membership, and what follows from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NetworkKind(models.TextChoices):
    """What kind of body a network is."""

    GLOBAL = "global", _("Global city network")
    REGIONAL = "regional", _("Regional city network")
    NATIONAL = "national", _("National city network")
    COALITION = "coalition", _("Coalition of networks")
    PROGRAMME = "programme", _("Programme of city networks")


class MemberKind(models.TextChoices):
    """Kinds of membership, after EUROCITIES' and SCN's lists."""

    FULL = "full", _("Full member")
    ASSOCIATE = "associate", _("Associate member")
    PARTNER = "partner", _("Partner city")
    OBSERVER = "observer", _("Observer")


class DecisionKind(models.TextChoices):
    """What can be decided about a membership. Each takes effect on its own date."""

    APPROVE = "approve", _("Approve")
    SUSPEND = "suspend", _("Suspend")
    REINSTATE = "reinstate", _("Reinstate")
    WITHDRAW = "withdraw", _("Record withdrawal")
    EXCLUDE = "exclude", _("Exclude")
    END = "end", _("Record the end of the term")


class MembershipStatus(models.TextChoices):
    """What a membership is on a given date: computed from its dates and decisions, never stored."""

    PENDING = "pending", _("applied")
    CURRENT = "current", _("member")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


# The workflow: from each status, which decisions are possible and what they lead to.
WORKFLOW: dict[MembershipStatus, dict[DecisionKind, MembershipStatus]] = {
    MembershipStatus.PENDING: {
        DecisionKind.APPROVE: MembershipStatus.CURRENT,
        DecisionKind.WITHDRAW: MembershipStatus.ENDED,
    },
    MembershipStatus.CURRENT: {
        DecisionKind.SUSPEND: MembershipStatus.SUSPENDED,
        DecisionKind.WITHDRAW: MembershipStatus.ENDED,
        DecisionKind.EXCLUDE: MembershipStatus.ENDED,
        DecisionKind.END: MembershipStatus.ENDED,
    },
    MembershipStatus.SUSPENDED: {
        DecisionKind.REINSTATE: MembershipStatus.CURRENT,
        DecisionKind.WITHDRAW: MembershipStatus.ENDED,
        DecisionKind.EXCLUDE: MembershipStatus.ENDED,
        DecisionKind.END: MembershipStatus.ENDED,
    },
    MembershipStatus.ENDED: {},
}
# The newest decision of those who are listed as members: suspended ones too.
STANDING: tuple[DecisionKind, ...] = (DecisionKind.APPROVE, DecisionKind.REINSTATE, DecisionKind.SUSPEND)
