"""What may be done with a city."""

from cities.rules.cities import can_archive_city, can_edit_city, can_manage_city_tokens, can_register_city

__all__ = ["can_archive_city", "can_edit_city", "can_manage_city_tokens", "can_register_city"]
