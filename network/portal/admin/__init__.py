"""The admin of every app. It stands at the roof because its pages show several apps at once: a network officer's cities
follow from memberships, a person's roles from networks and funds, and every record has its history.
"""

from django.contrib import admin

from network.portal.admin import (
    applications,
    audit,
    cities,
    funds,
    label_kinds,
    labels,
    mail,
    mail_bounces,
    mail_pauses,
    membership,
    networks,
    organisations,
    people,
    practice_versions,
    practices,
    reminder_rules,
    rounds,
    themes,
)

__all__ = [
    "applications",
    "audit",
    "cities",
    "funds",
    "label_kinds",
    "labels",
    "mail",
    "mail_bounces",
    "mail_pauses",
    "membership",
    "networks",
    "organisations",
    "people",
    "practice_versions",
    "practices",
    "reminder_rules",
    "rounds",
    "themes",
]

# Packages register models of their own; whoever works here has no business with them.
FOREIGN = {"account", "auth", "mfa", "usersessions", "sites", "socialaccount", "contenttypes", "sessions"}
for _model in list(admin.site._registry):
    if _model._meta.app_label in FOREIGN:
        admin.site.unregister(_model)
