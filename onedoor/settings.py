"""Settings, read top to bottom; every value comes from the environment.

With ``DEBUG`` off, anything unsafe refuses to start and says what to set. What an office chooses
(names, promised limits, hours) is data, not a setting. ``docs/reference/settings.md`` lists them.
"""

import os
import secrets
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from onedoor.version import VERSION

PACKAGE = Path(__file__).resolve().parent


def env(name: str, default: str = "") -> str:
    """Return a text from the environment."""
    return os.environ.get(name, default).strip()


def env_bool(name: str, default: bool) -> bool:
    """Return a switch from the environment: 1, true, yes, on, or their opposites."""
    value = env(name).lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if value == "" else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name}={value!r} is neither 1 nor 0.")


def env_secret(name: str, *, kept_in: Path) -> str:
    """Return a secret from ``name``, from the file ``name_FILE``, or from where it is kept.

    An installation makes its own secret when it is created. Before that, and for commands that
    need none, a secret of this process alone will do.
    """
    value = env(name)
    if not value and env(f"{name}_FILE"):
        value = Path(env(f"{name}_FILE")).read_text().strip()
    if value and not DEBUG and len(value) < 32:
        raise ImproperlyConfigured(f"{name} is too short: use 32 random characters or more.")
    if not value and kept_in.exists():
        value = kept_in.read_text().strip()
    return value or secrets.token_urlsafe(48)


# --- Where we are -----------------------------------------------------------------------------

DEBUG = env_bool("DEBUG", False)
TESTING = "pytest" in sys.modules
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").exists() else None
DATA = Path(env("ONEDOOR_DATA") or (CHECKOUT or Path.cwd()) / "var").resolve()
SECRET_FILE = DATA / "keys" / "secret_key"
SECRET_KEY = env_secret("SECRET_KEY", kept_in=SECRET_FILE)
HOST, PORT = env("HOST", "127.0.0.1"), env("PORT", "8000")
IS_LOCAL = HOST in {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS = [h for h in env("ALLOWED_HOSTS").split(",") if h]
if "*" in ALLOWED_HOSTS and not DEBUG:
    raise ImproperlyConfigured("ALLOWED_HOSTS may not be * when DEBUG is off.")
if not ALLOWED_HOSTS:
    if not IS_LOCAL and not DEBUG:
        raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names this site answers to.")
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if IS_LOCAL else ["*"]
CSRF_TRUSTED_ORIGINS = [o for o in env("CSRF_TRUSTED_ORIGINS").split(",") if o]
# The address printed on receipts and in QR codes.
PUBLIC_URL = env("PUBLIC_URL") or f"http://{HOST}:{PORT}"

# The county this installation serves: its division code, and the name of its pack of tables.
COUNTY = env("COUNTY", "532502")

# --- What is installed ------------------------------------------------------------------------

INSTALLED_APPS = [
    "onedoor.accounts.backoffice.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "ninja",
    "csp",
    "onedoor.kernel",
    "onedoor.calendar",
    "onedoor.ledger",
    "onedoor.accounts",
    "onedoor.files",
    "onedoor.messages",
    "onedoor.citizens",
    "onedoor.seals",
    "onedoor.papers",
    "onedoor.catalogue",
    "onedoor.cases",
    "onedoor.archive",
    "onedoor.disclosure",
    "onedoor.feedback",
    "onedoor.market",
    "onedoor.hall",
    "onedoor.rectification",
    "onedoor.reports",
    "onedoor.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "onedoor.kernel.middleware.InputMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "onedoor.portal.preferences.PreferencesMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "onedoor.accounts.web.ActorMiddleware",
    "onedoor.kernel.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "onedoor.urls"
WSGI_APPLICATION = "onedoor.wsgi.application"
EVENT_SUBSCRIPTIONS = "onedoor.wiring.SUBSCRIPTIONS"
LEDGER_AGGREGATES = "onedoor.wiring.AGGREGATES"
PAPER_GRANTS = "onedoor.wiring.GRANTS"
RECTIFICATION_SHEETS = "onedoor.wiring.SHEETS"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "onedoor.portal.preferences.page_context",
            ],
            "builtins": ["onedoor.kernel.templatetags.onedoor"],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------

DATABASE_URL = env("DATABASE_URL") or f"sqlite:///{DATA / 'onedoor.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
_db = DATABASES["default"]
if _db["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a writer queues instead of failing half-way. FULL: a commit survives a power cut.
    _db["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
    _db["CONN_MAX_AGE"] = None
else:
    # Bound by the server, statements are parsed and planned once a connection, not once a request.
    _db["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 3}
    if not TESTING:
        size = int(env("DB_POOL", "8"))
        _db["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 20}
    _db["CONN_MAX_AGE"] = 0
    # A pooled connection is checked by the pool, not by every request.
    _db["CONN_HEALTH_CHECKS"] = False

# Guides are kept rendered in each process; a published version never changes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 4000},
    }
}

# --- People and sessions ----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "onedoor.accounts.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "portal:staff"
LOGOUT_REDIRECT_URL = "portal:home"
SESSION_COOKIE_AGE = 15 * 60  # counters are left unattended; ``accounts.web`` begins them anew
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "onedoor.accounts.web.locked_out"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # by user name alone: changing addresses does not help
AXES_RESET_ON_SUCCESS = True
# Else whoever goes on guessing would keep the account's owner out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False

# --- Transport --------------------------------------------------------------------------------

# TLS ends at the proxy in front; without one this serves only the machine it runs on.
BEHIND_TLS = env_bool("BEHIND_TLS", not DEBUG and not IS_LOCAL)
if not (BEHIND_TLS or IS_LOCAL or DEBUG):
    raise ImproperlyConfigured("Passwords would travel in clear: serve behind TLS (BEHIND_TLS=1).")
# Only so many entries at the end of X-Forwarded-For are believed.
PROXIES = int(env("PROXIES", "1" if BEHIND_TLS else "0"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "onedoor.kernel.web.form_expired"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Uploads ----------------------------------------------------------------------------------

UPLOAD_LIMIT = int(env("UPLOAD_LIMIT_MB", "20")) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # everything but files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# A virus scanner that speaks clamd's INSTREAM: a socket, or a host and port. Without one, none.
CLAMD = env("CLAMD")
if CLAMD and not (CLAMD.startswith("/") or CLAMD.rpartition(":")[2].isdigit()):
    raise ImproperlyConfigured("CLAMD must be the path of a socket, or host:port.")
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# --- Papers -----------------------------------------------------------------------------------

# A folder of fonts of the office's own, beside those the project carries.
FONTS = env("ONEDOOR_FONTS")

# --- Mail -------------------------------------------------------------------------------------

# Without a mail server a message becomes a file in the data folder.
EMAIL_HOST, EMAIL_PORT = env("EMAIL_HOST"), int(env("EMAIL_PORT", "25"))
EMAIL_HOST_USER, EMAIL_USE_TLS = env("EMAIL_HOST_USER"), env_bool("EMAIL_USE_TLS", False)
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_TIMEOUT = 10  # shorter than the worker's lease
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "onedoor@localhost")
# Who keeps the ledger's heads outside the house.
LEDGER_MAIL_TO = [a.strip() for a in env("LEDGER_MAIL_TO").split(",") if a.strip()]

# --- Text messages ----------------------------------------------------------------------------

# Without a gateway a message becomes a file in the data folder.
SMS_GATEWAY = env("SMS_GATEWAY")
if SMS_GATEWAY and not SMS_GATEWAY.startswith(("https://", "http://127.0.0.1")):
    raise ImproperlyConfigured("SMS_GATEWAY must be an https address: numbers of people go there.")
SMS_TOKEN = env("SMS_TOKEN")

# --- Who somebody of the public is ------------------------------------------------------------

# An OpenID Connect service that knows people by their documents; which of its claims is which is
# data of the county. Without one, people sign in by telephone.
OIDC_ISSUER = env("OIDC_ISSUER").rstrip("/")
if OIDC_ISSUER and not OIDC_ISSUER.startswith(("https://", "http://127.0.0.1")):
    raise ImproperlyConfigured("OIDC_ISSUER must be an https address: it says who people are.")
OIDC_CLIENT, OIDC_SECRET = env("OIDC_CLIENT"), env("OIDC_SECRET")

# --- Language, time, static -------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = DATA / "static"
STATICFILES_FINDERS = [
    "onedoor.kernel.bundles.Bundles",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
# Looked for when asked for: a test's every client would else list all files once more.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# --- Log --------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "onedoor.kernel.logs.WithoutTokens"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}
    },
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "WARNING")},
}

__all__ = ["VERSION"]
