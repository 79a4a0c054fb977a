"""Settings of the portal, read from the environment and from a `.env` file. Each is explained in `.env.example`.

A missing or malformed setting raises ImproperlyConfigured with one line that says how to set it.
"""

import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def setting(read, name, *, example, **default):
    """Read one setting; say in one line how to set it where it is missing or malformed."""
    try:
        return read(name, **default)
    except (ImproperlyConfigured, ValueError, TypeError) as error:
        state = "is not set" if name not in env.ENVIRON else "cannot be read"
        message = f"{name} {state}. Set it in the environment or in .env, for example: {name}={example}"
        raise ImproperlyConfigured(message) from error


def malformed(name, example):
    """The error for a setting whose text makes no sense."""
    return ImproperlyConfigured(
        f"{name} cannot be read. Set it in the environment or in .env, for example: {name}={example}"
    )


def truth(name, **default):
    """Read yes or no; anything else is malformed."""
    value = env.str(name, **{key: str(value) for key, value in default.items()}).strip().lower()
    if value not in {"true", "false", "yes", "no", "on", "off", "1", "0"}:
        raise ValueError(value)
    return value in {"true", "yes", "on", "1"}


# What this run is for. In production both are off.

DEBUG = setting(truth, "DEBUG", example="false", default=False)
DEMO = setting(truth, "DEMO", example="false", default=False)
IS_PRODUCTION = not (DEBUG or DEMO)
ON_THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"]

# Addresses and keys

if IS_PRODUCTION:
    SECRET_KEY = setting(env.str, "SECRET_KEY", example=secrets.token_urlsafe(50))
    ALLOWED_HOSTS = setting(env.list, "ALLOWED_HOSTS", example="partnerships.example.nhs.uk")
    SITE_URL = setting(env.str, "SITE_URL", example="https://partnerships.example.nhs.uk")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith(("insecure-", "django-insecure-")):
        raise ImproperlyConfigured(
            "SECRET_KEY is a default or too short. Set it to at least 50 random characters, for example: "
            f"SECRET_KEY={secrets.token_urlsafe(50)}"
        )
else:
    # Only ever answered on this machine, so a known key does no harm.
    SECRET_KEY = "insecure-key-for-development-and-demonstration-on-this-machine-alone"
    ALLOWED_HOSTS = ON_THIS_MACHINE
    SITE_URL = setting(env.str, "SITE_URL", example="http://127.0.0.1:8000", default="http://127.0.0.1:8000")
SITE_URL = SITE_URL.rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).netloc:
    raise malformed("SITE_URL", "https://partnerships.example.nhs.uk")
if IS_PRODUCTION:
    if not ALLOWED_HOSTS:
        raise malformed("ALLOWED_HOSTS", "partnerships.example.nhs.uk")
    ALLOWED_HOSTS += ON_THIS_MACHINE  # the machine asks /healthz and /readyz under these names
HTTPS = setting(truth, "HTTPS", example="true", default=IS_PRODUCTION)
BEHIND_PROXY = setting(truth, "BEHIND_PROXY", example="true", default=False)

# Applications

INSTALLED_APPS = [
    "trustportal.website",
    "programmes",
    "partnerships",
    "trustportal.publishing",
    "trustportal.charts",
    "trustportal.maps",
    "trustportal.networks",
    "trustportal.feedback",
    "trustportal.search",
    "trustportal.design",
    "trustportal.accounts",
    "django_countries",
    "csp",
    "trustportal.website.apps.EditingConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # the headers stand on every answer, so they come first
    "trustportal.website.middleware.page_headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "trustportal.website.middleware.refuse_nul",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "trustportal.urls"
WSGI_APPLICATION = "trustportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trustportal.website.context_processors.portal",
            ],
            "builtins": ["trustportal.design.templatetags.design", "trustportal.opendata.templatetags.linked"],
        },
    }
]

# Database, cache and mail

DATABASES = {
    "default": setting(
        env.db_url,
        "DATABASE_URL",
        example="postgres://portal:password@127.0.0.1:5432/portal",
        default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}",
    )
}
KNOWN_DATABASES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}
if DATABASES["default"].get("ENGINE") not in KNOWN_DATABASES or not DATABASES["default"].get("NAME"):
    raise malformed("DATABASE_URL", "postgres://portal:password@127.0.0.1:5432/portal")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers never wait for a writer, and writers queue instead of failing with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds, shorter than the server waits for a page
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": setting(env.cache_url, "CACHE_URL", example="redis://127.0.0.1:6379/0", default="locmemcache://portal")
}
vars().update(
    setting(
        env.email_url, "EMAIL_URL", example="smtp+tls://user:password@mail.example.nhs.uk:587", default="consolemail://"
    )
)
DEFAULT_FROM_EMAIL = setting(env.str, "DEFAULT_FROM_EMAIL", example="portal@example.nhs.uk", default="portal@localhost")
EMAIL_TIMEOUT = 10  # seconds; what cannot be sent waits
SECURITY_CONTACT = setting(
    env.str, "SECURITY_CONTACT", example="mailto:security@example.nhs.uk", default=f"{SITE_URL}/contact/"
)
if not SECURITY_CONTACT.startswith(("mailto:", "https://", "http://", "tel:")):
    raise malformed("SECURITY_CONTACT", "mailto:security@example.nhs.uk")

# Publishing

FOUR_EYES = setting(truth, "FOUR_EYES", example="true", default=True)

# Maps

MAP_TILES_URL = setting(env.str, "MAP_TILES_URL", example="https://tiles.example.nhs.uk/{z}/{x}/{y}.png", default="")
MAP_TILES_ATTRIBUTION = setting(env.str, "MAP_TILES_ATTRIBUTION", example="© Example Maps", default="")
if MAP_TILES_URL:
    if (
        not re.fullmatch(r"https://[\w.-]+(:\d+)?/[^\s\"'<>;,]+", MAP_TILES_URL)
        or any(name not in MAP_TILES_URL for name in ["{z}", "{x}", "{y}"])
        or re.search(r"[{}]", re.sub(r"\{[zxy]\}", "", MAP_TILES_URL))  # {r} or {s}, which nobody here fills in
    ):
        raise malformed("MAP_TILES_URL", "https://tiles.example.nhs.uk/{z}/{x}/{y}.png")
    if not MAP_TILES_ATTRIBUTION:
        raise ImproperlyConfigured(
            "MAP_TILES_ATTRIBUTION is not set. Say whose maps MAP_TILES_URL shows, in the environment or in .env, for "
            "example: MAP_TILES_ATTRIBUTION=© Example Maps"
        )

# People

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 8 * 60 * 60  # one working day
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no third cookie
CSRF_FAILURE_VIEW = "trustportal.website.errors.form_expired"

# Language and time

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = Path(
    setting(env.str, "STATIC_ROOT", example="/var/lib/portal/static", default=str(BASE_DIR / "staticfiles"))
)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "trustportal.design.finders.PackagedStylesFinder",
]
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Where the files with all data are made; they are served from there, or from another storage (object storage).
OPEN_DATA_FOLDER = setting(env.str, "OPEN_DATA_FOLDER", example="/srv/open-data", default=str(BASE_DIR / "open-data"))
if not OPEN_DATA_FOLDER.strip():  # it would be the folder in which a command happens to run
    raise malformed("OPEN_DATA_FOLDER", "/srv/open-data")
OPEN_DATA_STORAGE = setting(
    env.str,
    "OPEN_DATA_STORAGE",
    example="storages.backends.s3.S3Storage",
    default="django.core.files.storage.FileSystemStorage",
)
if not OPEN_DATA_STORAGE.strip():
    raise malformed("OPEN_DATA_STORAGE", "storages.backends.s3.S3Storage")
OPEN_DATA_STORAGE_OPTIONS = setting(env.json, "OPEN_DATA_STORAGE_OPTIONS", example='{"bucket_name":"data"}', default={})
if not isinstance(OPEN_DATA_STORAGE_OPTIONS, dict):
    raise malformed("OPEN_DATA_STORAGE_OPTIONS", '{"bucket_name":"data"}')
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "open_data": {
        "BACKEND": OPEN_DATA_STORAGE,
        "OPTIONS": OPEN_DATA_STORAGE_OPTIONS
        or ({"location": OPEN_DATA_FOLDER} if OPEN_DATA_STORAGE.endswith(".FileSystemStorage") else {}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine itself, without TLS
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a programme with many rows in its inlines

# Log: one line an event, without bodies or query strings

LOG_LEVEL = setting(env.str, "LOG_LEVEL", example="WARNING", default="WARNING").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise malformed("LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"keys": {"()": "trustportal.website.logs.HidesKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["keys"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # It warns of each HEAD request that Django answers with a body, which it then drops as it should.
    "loggers": {"gunicorn.http.wsgi": {"level": "ERROR"}},
}
