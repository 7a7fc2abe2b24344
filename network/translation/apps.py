from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationConfig(AppConfig):
    """Translated content: which language a record is shown in, and its text in that language."""

    name = "network.translation"
    label = "translation"
    verbose_name = _("Translation")
