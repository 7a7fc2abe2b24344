from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    """Member cities: profile, contacts, pictures."""

    name = "cities"
    label = "cities"
    verbose_name = _("Cities")

    def ready(self) -> None:
        from cities import messages, models
        from cities.queries import desk
        from cities.rules import can_manage_city_tokens
        from network.audit.registry import register
        from network.frame.pagecache import shown_on_pages
        from network.people.desk import register_desk
        from network.people.enums import ScopeKind
        from network.people.scopes import register_token_scope

        content = (models.City, models.CityContact, models.CityIdentifier, models.CityImage)
        register(*content)
        shown_on_pages(*content)
        messages.declare_all()
        register_desk("may", desk.my_cities)
        register_token_scope(ScopeKind.CITY, rule=can_manage_city_tokens, offered=desk.token_cities)
