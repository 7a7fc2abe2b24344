"""`make test`: the production rules, with quick hashing and mail kept in memory."""

from network.settings.base import *  # noqa: F403
from network.settings.base import REST_FRAMEWORK, STORAGES

SECRET_KEY = "test-only-key-that-signs-nothing-real-and-lives-for-one-run"  # noqa: S105
ALLOWED_HOSTS = ["*"]
KOINE_DEVELOPMENT = False
KOINE_DEMO = False
KOINE_BANK_KEYS = ["dGVzdC1vbmx5LWtleS10aGF0LWxvY2tzLW5vdGhpbmc="]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "koine-test"}}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
KOINE_READ_GUARD = "raise"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": "100000/hour", "token": "100000/hour"}}
ACCOUNT_RATE_LIMITS = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# Mail may go out at any hour: what is tested beside quiet hours must not depend on when the tests run.
KOINE_QUIET_HOURS = ""
