from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    """Funds, rounds and applications."""

    name = "grants"
    label = "grants"
    verbose_name = _("Grants")

    def ready(self) -> None:
        from grants import deadlines, messages, models
        from grants.domain.merging import register_parts
        from grants.queries import applications, people, scopes, staff
        from network.audit.registry import register
        from network.frame.pagecache import shown_on_pages
        from network.people.desk import register_desk
        from network.people.enums import ScopeKind
        from network.people.queries.personal_data import register_personal_data
        from network.people.registry import register_judges, register_payers
        from network.people.scopes import register_scope

        public = (
            models.Fund,
            models.Contribution,
            models.Round,
            models.Criterion,
            models.Tier,
            models.EligibilityCriterion,
            models.FormVersion,
        )
        register(*public, models.EligibilityCheck)
        register(models.Round, exclude=("moved_from",))
        # Who asked to hear of a fund may leave without a trace: the history says that they were there, not who.
        register(models.Interest, exclude=("name", "organisation", "email", "message"))
        register(models.ApplicationInvitation, exclude=("token_hash",))
        # What was said among members can be deleted for good: the history says that it was there, not what.
        register(models.Comment, exclude=("text",))
        register(
            models.Application,
            models.ApplicationMember,
            models.ApplicationVersion,
            models.Attachment,
            models.AnswerSection,
            models.Extension,
        )
        register(models.RoundLetter)
        shown_on_pages(*public)
        register_desk("due", applications.desk_due)
        register_desk("doing", applications.desk_doing)
        register_desk("may", staff.my_funds)
        register_desk("waiting", people.desk_invitations)
        register_personal_data("applications", people.own_data)
        register_scope(ScopeKind.FUND, name_of=scopes.fund_name, networks_of=scopes.fund_networks)
        register_scope(ScopeKind.ROUND, name_of=scopes.round_name, networks_of=scopes.round_networks)
        register_parts()
        register_judges(scopes.judged_organisations)
        register_payers(scopes.paid_organisations)
        messages.declare_all()
        deadlines.register()
