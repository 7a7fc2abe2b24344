"""`make run`: plain HTTP on loopback, demo accounts shown, mail into a local mailbox instead of the world."""

from network.settings import env
from network.settings.base import *  # noqa: F403
from network.settings.base import STORAGES

DEBUG = env.flag("KOINE_DEBUG", False)
KOINE_DEVELOPMENT = True
KOINE_DEMO = env.flag("KOINE_DEMO", True)
SECRET_KEY = "development-only-key-never-used-where-real-people-sign-in"  # noqa: S105
KOINE_BANK_KEYS = ["ZGV2ZWxvcG1lbnQtb25seS1rZXktbmV2ZXItcmVhbC4="]
PASSWORD_HASHERS = ["network.people.passwords.PublicPhraseHasher"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "network.mail.gateways.mailbox.MailboxBackend"
KOINE_READ_GUARD = "raise"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
