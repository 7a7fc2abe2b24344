"""The verbs about networks and their members."""

from network.membership.domain.memberships import Admission, admit_member, apply_for_city, decide, update_membership
from network.membership.domain.networks import (
    NetworkDetails,
    add_region,
    archive_network,
    create_network,
    network_details,
    update_network,
)

__all__ = [
    "Admission",
    "NetworkDetails",
    "add_region",
    "admit_member",
    "apply_for_city",
    "archive_network",
    "create_network",
    "decide",
    "network_details",
    "update_membership",
    "update_network",
]
