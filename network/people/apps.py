from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Accounts, roles with a scope, organisations."""

    name = "network.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator

        from network.audit.registry import register
        from network.people import deadlines, messages, models, receivers  # noqa: F401  (receivers connect themselves)
        from network.people.desk import register_desk
        from network.people.domain.merging import register_own_parts
        from network.people.enums import ScopeKind
        from network.people.queries import desk
        from network.people.queries.organisations import organisation_name, token_organisations
        from network.people.rules.tokens import can_manage_organisation_tokens
        from network.people.scopes import register_scope, register_token_scope

        register(models.User, exclude=("password", "last_login"))
        register(models.Organisation, models.OrganisationIdentifier, models.OrganisationMember, models.Role)
        register(models.OrganisationDocument, exclude=("file",))
        register(models.Invitation, exclude=("token_hash",))
        register(models.ApiToken, exclude=("token_hash", "last_used_at"))
        register(EmailAddress)
        register(Authenticator, exclude=("data", "last_used_at"))
        register(models.DueDiligenceCheck, models.BankReading, models.DistinctOrganisations)
        # What is sealed does not go into the history, which is kept for ever.
        register(models.BankDetails, exclude=("sealed",))
        register_scope(ScopeKind.ORGANISATION, name_of=organisation_name)
        register_token_scope(ScopeKind.ORGANISATION, rule=can_manage_organisation_tokens, offered=token_organisations)
        messages.declare_all()
        deadlines.register()
        register_own_parts()
        register_desk("waiting", desk.second_factor)
        register_desk("waiting", desk.invitations)
        register_desk("doing", desk.organisations)
        register_desk("waiting", desk.to_verify)
        register_desk("waiting", desk.expiring_checks)
        register_desk("waiting", desk.bank_details)
        register_desk("may", desk.roles)
