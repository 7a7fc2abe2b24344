"""What every way of running Koine shares. Values from the environment come through `env`, never `os.environ`."""

from __future__ import annotations

from pathlib import Path

import dj_database_url

from network.languages import CODES, DEFAULT, LANGUAGES as KNOWN
from network.settings import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STATE_DIR = Path(env.text("KOINE_STATE_DIR", str(BASE_DIR / "var")))

DEBUG = False
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", secret=True)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
SITE_NAME = "Koine"
KOINE_BASE_URL = env.text("KOINE_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
KOINE_DEMO = env.flag("KOINE_DEMO", False)
# Whether the proxy in front says when each request came; `network.middleware.arrived_at` reads it.
KOINE_ARRIVAL_STAMPED = env.flag("KOINE_ARRIVAL_STAMPED", False)
KOINE_DEVELOPMENT = False

ROOT_URLCONF = "network.portal.urls"
WSGI_APPLICATION = "network.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "modeltranslation",
    "network.portal.admin_site.KoineAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "corsheaders",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "network.frame",
    "network.audit",
    "network.people",
    "network.translation",
    "network.mail",
    "cities",
    "network.membership",
    "practices",
    "grants",
    "network.portal",
]

MIDDLEWARE = [
    "network.middleware.arrival",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "network.middleware.security_headers",
    "network.frame.pagecache.PageCache",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "network.middleware.bad_input",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "network.middleware.read_guard",
    "network.audit.middleware.actor",
    "network.people.middleware.time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "network.people.middleware.second_factor",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "network.frame.context_processors.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.l10n",
                "django.templatetags.tz",
                "django.templatetags.static",
                "network.frame.templatetags.koine",
            ],
        },
    },
]
FORM_RENDERER = "network.frame.renderer.Renderer"

# --- database -------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", "postgres://koine@127.0.0.1:5432/koine", secret=True),
        conn_max_age=60,
        conn_health_checks=True,
    )
}

# --- broker, cache, jobs --------------------------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL", "", secret=True)
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", REDIS_URL or "memory://", secret=True)
CACHES = {
    "default": {
        "BACKEND": "network.frame.cache.ForgivingRedisCache"
        if REDIS_URL
        else "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": REDIS_URL or "koine",
        "KEY_PREFIX": "koine",
        "TIMEOUT": 300,
    }
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_connect_timeout": 2, "socket_timeout": 5}
CELERY_TIMEZONE = "UTC"
# The hourly jobs may take minutes: nobody's mail or file waits behind them.
CELERY_TASK_ROUTES = {
    "mail.sweep": {"queue": "slow"},
    "mail.*": {"queue": "mail"},
    "people.sweep": {"queue": "slow"},
    "practices.refresh": {"queue": "slow"},
    "practices.reindex_theme": {"queue": "slow"},
    "practices.forget": {"queue": "slow"},
    "practices.make_publication": {"queue": "slow"},
    "practices.publications": {"queue": "slow"},
    "practices.sweep_publications": {"queue": "slow"},
    "practices.sweep_uploads": {"queue": "slow"},
    "grants.sweep_uploads": {"queue": "slow"},
    "grants.forget": {"queue": "slow"},
}

# --- languages ------------------------------------------------------------------------------------------------------
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = DEFAULT
LANGUAGES = [(code, KNOWN[code].native_name) for code in CODES]
LANGUAGES_BIDI = [code for code in CODES if KNOWN[code].rtl]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["network.settings.formats"]
LANGUAGE_COOKIE_NAME = "koine_language"
MODELTRANSLATION_DEFAULT_LANGUAGE = DEFAULT
MODELTRANSLATION_LANGUAGES = CODES
MODELTRANSLATION_FALLBACK_LANGUAGES = (DEFAULT, *[code for code in CODES if code != DEFAULT])
MODELTRANSLATION_ENABLE_FALLBACKS = True

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
# One only: with a second one an address that has an account would cost two hashes and a stranger's one.
AUTHENTICATION_BACKENDS = ["network.people.backends.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "network.people.passwords.PortalWordsValidator"},
]
PASSWORD_RESET_TIMEOUT = 4 * 3600
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:desk"
ACCOUNT_ADAPTER = "network.people.adapters.AccountAdapter"
MFA_ADAPTER = "network.people.adapters.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "network.people.forms.signup.SignUpDetails"
ACCOUNT_FORMS = {
    "login": "network.people.forms.account.SignInForm",
    "signup": "network.people.forms.account.SignUpForm",
    "add_email": "network.people.forms.account.NewAddressForm",
    "change_password": "network.people.forms.account.NewPasswordForm",
    "set_password": "network.people.forms.account.FirstPasswordForm",
    "reset_password": "network.people.forms.account.ForgottenPasswordForm",
    "reset_password_from_key": "network.people.forms.account.ResetPasswordForm",
    "reauthenticate": "network.people.forms.account.ConfirmPasswordForm",
}
MFA_FORMS = {
    "authenticate": "network.people.forms.second_factor.CodeForm",
    "reauthenticate": "network.people.forms.second_factor.ConfirmCodeForm",
    "activate_totp": "network.people.forms.second_factor.SetUpAppForm",
    "add_webauthn": "network.people.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "network.people.forms.second_factor.RenamePasskeyForm",
}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PASSWORD_MIN_LENGTH = 12
# amount/duration/per: `login_failed` counts an account's tries from one place, `login_failed_account` from everywhere.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "login_failed_account": "100/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("KOINE_PROXIES", 0)
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "network.portal.views.errors.csrf_failure"
KOINE_STAFF_IDLE_SECONDS = 3 * 3600
KOINE_STAFF_SESSION_SECONDS = 12 * 3600

# --- what leaves and enters -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_FINDERS = [
    "network.frame.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "var" / "vendor")]
MEDIA_ROOT = Path(env.text("KOINE_MEDIA_DIR", str(STATE_DIR / "media")))
# Nothing under MEDIA_ROOT is served by path: public images and private uploads both go out through views.
MEDIA_URL = "/media-is-served-by-views/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
# As much as deploy/Caddyfile lets through, so that a page can give back what is too long; `limits.MOST_BYTES` is for the rest.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
EMAIL_BACKEND = "network.mail.gateways.smtp.SmtpBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "", secret=True)
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
# Seconds for each step of the talk with the mail server.
EMAIL_TIMEOUT = 20
# Mails a minute to one domain, so that its server does not take us for a nuisance; 0: as many as there are.
KOINE_MAIL_PER_DOMAIN = env.integer("KOINE_MAIL_PER_DOMAIN", 120)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Koine <noreply@koine.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# No reminders in these hours of the recipient's night; `network.mail.rules.quiet` reads it.
KOINE_QUIET_HOURS = env.span("KOINE_QUIET_HOURS", "21:00-07:00")
# What a mail provider signs its reports of bounces with (network.mail.api); empty: no reports are taken.
KOINE_BOUNCE_SECRET = env.text("KOINE_BOUNCE_SECRET", "", secret=True)
KOINE_FEEDBACK_ADDRESS = env.text("KOINE_FEEDBACK_ADDRESS", "koine@koine.example")
# Only `network.mail.gateways.mailbox` writes here, which only development configures.
KOINE_MAILBOX_DIR: Path = STATE_DIR / "mailbox"
KOINE_UPLOAD_MAX_BYTES = 10 * 1024 * 1024
# The virus scanner clamd: host:port or the path of its socket; empty for none, `fake` for the one of the tests.
KOINE_CLAMD = env.text("KOINE_CLAMD", "")
# What bank details are encrypted with (network.people.gateways.vault): the first writes, all read. Empty: none are taken.
KOINE_BANK_KEYS = env.keys("KOINE_BANK_KEYS")

# --- security -------------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": [],
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/v1/.*$"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
KOINE_READ_GUARD = "log"

# --- interface for programs -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "network.portal.api.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.text("KOINE_API_RATE", "600/hour"),
        "token": env.text("KOINE_TOKEN_RATE", "1200/hour"),
    },
    "NUM_PROXIES": env.integer("KOINE_PROXIES", 0),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Koine",
    "DESCRIPTION": "Member cities, networks, memberships, good practices and funds, as open data.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_PUBLIC": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "network.translation.api.without_null_bytes",
    ],
    "ENUM_NAME_OVERRIDES": {
        "CityKind": "cities.enums.CityKind",
        "NetworkKind": "network.membership.enums.NetworkKind",
        "MemberKind": "network.membership.enums.MemberKind",
        "Precision": "network.precision.Precision",
        "Language": "practices.models.LANGUAGE_CHOICES",
        "PracticeState": "practices.enums.State",
        "VersionState": "practices.enums.VersionState",
        "AdoptionState": "practices.enums.AdoptionState",
        "AdoptionStatus": "practices.enums.AdoptionStatus",
        "RoundState": "grants.enums.Moment",
        "ApplicationState": "grants.api.own.STATES",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("KOINE_LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
}
