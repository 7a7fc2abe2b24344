"""The messages this app sends."""

from network.outgoing import declare


def declare_all() -> None:
    """Make this app's message kinds known to the mail engine."""
    declare()
