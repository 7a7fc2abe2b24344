"""Production settings, served over plain HTTP on loopback, with a bare view to compare with and a counter of queries."""

from network.settings.production import *  # noqa: F403
from network.settings.production import MIDDLEWARE, STORAGES

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.floor.count_queries", *MIDDLEWARE]
ALLOWED_HOSTS = ["127.0.0.1"]
# Hashed names as in production; compressed copies would only make the start slower.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# Seals the demonstration's accounts.
KOINE_BANK_KEYS = ["YmVuY2gtb25seS1rZXktbmV2ZXItZm9yLXJlYWwtdXM="]
