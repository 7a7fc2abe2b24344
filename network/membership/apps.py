from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembershipConfig(AppConfig):
    """Networks and who belongs to them, since when and by which act."""

    name = "network.membership"
    label = "membership"
    verbose_name = _("Networks and members")

    def ready(self) -> None:
        from network.audit.registry import register
        from network.frame.pagecache import shown_on_pages
        from network.membership import models
        from network.membership.queries import desk, scopes
        from network.people.desk import register_desk
        from network.people.enums import ScopeKind
        from network.people.registry import register_part, simply_moved
        from network.people.scopes import register_scope

        content = (models.Network, models.Region, models.Membership, models.MembershipDecision)
        register(*content)
        shown_on_pages(*content)
        register_scope(ScopeKind.NETWORK, name_of=scopes.network_name, networks_of=lambda key: (key,))
        # Cities stand a floor below and can't tell to which networks they belong.
        register_scope(ScopeKind.CITY, name_of=scopes.city_name, networks_of=scopes.networks_of_city)
        # Whose secretariat an organisation is, goes along when it is merged into another.
        secretariats = simply_moved(models.Network, "secretariat", _("Networks it runs"))
        register_part("membership.Network.secretariat", secretariats)
        register_desk("waiting", desk.applications)
        register_desk("may", desk.my_networks)
