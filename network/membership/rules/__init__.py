"""What a membership is on a day, and who may decide about networks and members."""

from network.membership.rules.memberships import can_decide_membership, next_decisions, status_on
from network.membership.rules.networks import can_create_network, can_run_network

__all__ = ["can_create_network", "can_decide_membership", "can_run_network", "next_decisions", "status_on"]
