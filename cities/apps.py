from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    """Member cities: profile, contacts, pictures."""

    name = "cities"
    label = "cities"
    verbose_name = _("Cities")

    def ready(self) -> None:
        from cities import messages, models
        from network.audit.registry import register

        register(models.City, models.CityContact, models.CityIdentifier, models.CityImage)
        messages.declare_all()
