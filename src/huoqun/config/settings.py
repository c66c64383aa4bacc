"""Django settings. Set-up only: what an installation may change is read from `HUOQUN_*` variables (docs/operations.md)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from huoqun.config import paths
from huoqun.config.secrets import secret

PACKAGE = Path(__file__).resolve().parent.parent
DATA = paths.DATA
HISTORY = paths.HISTORY
UPLOADS = paths.UPLOADS

SECRET_KEY = secret(paths.SECRETS, "django")
VAULT_KEY = secret(paths.SECRETS, "vault")
"""What secrets of accounts are encrypted with at rest. Lost, they have to be entered again."""
DEBUG = os.environ.get("HUOQUN_DEBUG") == "1"
PUBLIC_URL = os.environ.get("HUOQUN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, [urlsplit(PUBLIC_URL).hostname]),
    *filter(None, os.environ.get("HUOQUN_HOSTS", "").split(",")),
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "huoqun.health",
    "huoqun.sop",
    "huoqun.content",
    "huoqun.growth",
    "huoqun.ownership",
    "huoqun.admission",
    "huoqun.community",
    "huoqun.inbox",
    "huoqun.outbox",
    "huoqun.jobs",
    "huoqun.history",
    "huoqun.carriers.wecom",
    "huoqun.carriers",
    "huoqun.console",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "huoqun.console.middleware.OwnTimeAndTongue",
    "huoqun.console.middleware.ContentSecurity",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "huoqun.config.urls"
WSGI_APPLICATION = "huoqun.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huoqun.console.context.house",
            ],
        },
    },
]


def database(url: str) -> dict[str, object]:
    """Settings of one database from `postgresql://user:password@host:port/name`; "" means the embedded SQLite file."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": paths.DATA / "huoqun.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"HUOQUN_DATABASE must start with postgresql://, not {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(os.environ.get("HUOQUN_DATABASE", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "console.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "huoqun.console.accounts.counted_as"
AXES_LOCKOUT_CALLABLE = "huoqun.console.accounts.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
ACCOUNT_ADAPTER = "huoqun.console.accounts.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# Wrong passwords are counted by axes, in the database, for all processes together. What allauth counts besides (the second
# factor, signing in again) it counts in the cache below, for each process by itself.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Huoqun 活群"
MFA_TOTP_TOLERANCE = 1
CSRF_FAILURE_VIEW = "huoqun.console.pages.front.stale_form"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
# Each in its own words, so that whoever is lost finds home.
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_ZONE = os.environ.get("HUOQUN_ZONE", "Asia/Shanghai")
"""The zone of new communities and staff accounts. Data is always in UTC."""

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": paths.UPLOADS}},
    "staticfiles": {"BACKEND": "huoqun.console.static.StampedFiles"},
}
# Files are served from the packages themselves, a checkout or an installed wheel alike: nothing has to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 30 * 86400

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT_BYTES = int(os.environ.get("HUOQUN_UPLOAD_LIMIT_MB", "4096")) * 1024 * 1024

WECOM_PROXY = os.environ.get("HUOQUN_WECOM_PROXY", "")
"""Through which WeCom is called where this machine may not go out by itself."""
WECOM_MASS_SENDS_A_DAY = int(os.environ.get("HUOQUN_WECOM_MASS_SENDS_A_DAY", "1"))
"""Mass messages to one group or customer, as the company chose in WeCom's console. 0: WeCom alone counts."""
WECOM_TASK_DAYS = int(os.environ.get("HUOQUN_WECOM_TASK_DAYS", "7"))
"""How long colleagues have to press send before a message has expired."""
WECOM_ARCHIVE_LIBRARY = os.environ.get("HUOQUN_WECOM_ARCHIVE_LIBRARY", "")
"""Where WeCom's own library for the conversation archive lies. Only who may start programs here names it: its code is run."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("HUOQUN_LOG_LEVEL", "WARNING")},
}
