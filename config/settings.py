"""Settings, all from the environment; what is left out has a default for one local machine.

Django's own DEBUG stays off everywhere: its error pages would show patients' words. The
environment's DEBUG=1 only relaxes what config.startup demands of a deployment.
"""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from config import logs, openapi_frame, theme
from config.environment import Environment
from config.local.places import addresses, data_dir

env = Environment()
LOGGING = logs.LOGGING

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_dir(os.environ)
_local = addresses(DATA_DIR)

DEBUG = False
RELAXED = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_GIVEN = bool(SECRET_KEY)
# A command that signs nothing needs no secret; what serves people is refused without one.
SECRET_KEY = SECRET_KEY or get_random_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "config.admin_site.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
    "pgtrigger",
    "pghistory",
    "config",
    "diary",
    "alerts",
]

MIDDLEWARE = [
    "config.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.no_store",
    "config.app_versions.minimum_client",
    "config.app_versions.deprecations",
    "config.doors.meant_methods",
    "config.middleware.strict_log_in",
    "config.sessions.SignedCookieSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # a redirect would lose the body of a write
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- PostgreSQL carries the obligations ---------------------------------------------------------
_database = env.database("DATABASE_URL", default=_local.database_url)
_asked = _database.get("OPTIONS", {})  # what the address itself asks for, such as sslmode
# A host that vanishes without a word is noticed within half a minute.
_alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
_database["OPTIONS"] = {"connect_timeout": 5, "tcp_user_timeout": 15_000, **_alive, **_asked}
# A process that dies or hangs inside a transaction must not hold a patient's row. The last wins.
_database["OPTIONS"]["options"] = (
    f"{_asked.get('options', '')} -c idle_in_transaction_session_timeout=15000"
    " -c lock_timeout=10000 -c synchronous_commit=on"
).strip()
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_APPEND_ONLY = True
# The log-in library counts here, so that its limits hold, and log-in works, without Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Celery carries hints -----------------------------------------------------------------------
REDIS_URL = env.broker("REDIS_URL", default=_local.redis_url)
CELERY_BROKER_URL = (
    "redis+socket://" + REDIS_URL.removeprefix("unix://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_keepalive": not REDIS_URL.startswith("unix://"),
    "health_check_interval": 25,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 20
CELERY_TASK_TIME_LIMIT = 25  # below the lease of a delivery, so that two never hold one
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="celery")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "diary.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# A new password ends every session. This one would keep its session, and lose its tokens.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # for the owner whose password somebody else is guessing
# Passwords are counted by config.log_in, for app and admin together; what is left here of failed
# log-ins are the second factors. One host may be a whole clinic behind one address.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "10/15m/key",
    "change_password": "5/m/user,20/h/user",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key,20/d/key",
    "reset_password_from_key": "60/m/ip",
    "request_login_code": "60/m/ip,3/m/key,20/d/key",
}
ACCOUNT_ADAPTER = "config.log_in.LogInAdapter"
MFA_ADAPTER = "config.second_factor.SecondFactors"
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "diary.tokens.LockedTokenStrategy"  # noqa: S105  a path, no secret
HEADLESS_JWT_ALGORITHM = "HS256"
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True
HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN = 90 * 24 * 3600
SESSION_COOKIE_AGE = 90 * 24 * 3600
# Mails about an account name pages of the app; this service has none of its own.
APP_URL = env.str("APP_URL", default="http://localhost:8000/app")
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": APP_URL + "/verify-email?key={key}",
    "account_reset_password": APP_URL + "/reset-password",
    "account_reset_password_from_key": APP_URL + "/reset-password?key={key}",
    "account_signup": APP_URL + "/sign-up",
}
HEADLESS_ONLY = True
USERSESSIONS_TRACK_ACTIVITY = False
LOGIN_REDIRECT_URL = "/admin/"
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# --- Pages and API ------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["config.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["diary.api.permissions.ConsentingPatient"],
    "DEFAULT_THROTTLE_CLASSES": ["config.limits.HonestPhone"],
    "DEFAULT_PAGINATION_CLASS": "config.pagination.NewestFirst",
    "DEFAULT_PARSER_CLASSES": ["config.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "config.openapi.Schema",
    "EXCEPTION_HANDLER": "config.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS is a 405; the API document says what there is
    "URL_FORMAT_OVERRIDE": None,  # ?format= belongs to the export
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
SPECTACULAR_SETTINGS = openapi_frame.SPECTACULAR
UNFOLD = theme.UNFOLD
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = None if RELAXED else DATA_DIR / "static"
# A deployment serves compressed files under names made from their content; on a developer's
# machine they are served from where they lie, so that nothing must be collected first.
WHITENOISE_USE_FINDERS = RELAXED
_static = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if RELAXED
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": _static},
}

# --- Safety of the wire -------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not RELAXED
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not RELAXED)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 0 if RELAXED else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not RELAXED
X_FRAME_OPTIONS = "DENY"

# The oldest versions of apps that the operator wants, such as ios=1.2.0,android=1.3.0. An older
# one is told; see config.app_versions for what it can do all the same.
MINIMUM_CLIENT = env.clients("MINIMUM_CLIENT")

# --- Messages -----------------------------------------------------------------------------------
EMERGENCY_NUMBER = env.str("EMERGENCY_NUMBER", default="112" if RELAXED else "")
# Told of what fails, and of patients nobody else can be told about.
ON_CALL_EMAIL = env.str("ON_CALL_EMAIL", default="operator@localhost" if RELAXED else "")
# Where mails to physicians and operators send them.
ADMIN_URL = env.str("ADMIN_URL", default=f"http://localhost:{env.str('PORT', '8000')}/admin/")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Message service <no-reply@localhost>")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
vars().update(env.mail("EMAIL_URL"))
EMAIL_TIMEOUT = 10
WEBPUSH_VAPID_PRIVATE_KEY = env.str("WEBPUSH_VAPID_PRIVATE_KEY", default="")
WEBPUSH_CONTACT = env.str("WEBPUSH_CONTACT", default="mailto:operator@localhost")
WEBPUSH_ALLOWED_HOSTS = env.list(
    "WEBPUSH_ALLOWED_HOSTS",
    default=[
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    ],
)
WEBPUSH_ALLOW_LOOPBACK = env.bool("WEBPUSH_ALLOW_LOOPBACK", default=False)
# Without the file a channel is off.
FCM_SERVICE_ACCOUNT_FILE = env.str("FCM_SERVICE_ACCOUNT_FILE", default="")
FCM_BASE_URL = env.str("FCM_BASE_URL", default="https://fcm.googleapis.com")
APNS_KEY_FILE = env.str("APNS_KEY_FILE", default="")
APNS_KEY_ID = env.str("APNS_KEY_ID", default="")
APNS_TEAM_ID = env.str("APNS_TEAM_ID", default="")
APNS_TOPIC = env.str("APNS_TOPIC", default="")
APNS_BASE_URL = env.str("APNS_BASE_URL", default="https://api.push.apple.com")

# --- Operation ----------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
FAILPOINT = env.str("FAILPOINT", default="")
