from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Accounts, roles with a scope, organisations."""

    name = "network.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from network.audit.registry import register
        from network.people import messages, models

        register(models.User, exclude=("password", "last_login"))
        register(models.Organisation, models.OrganisationIdentifier, models.OrganisationMember, models.Role)
        register(models.Invitation, exclude=("token_hash",))
        messages.declare_all()
