"""Settings of the whole program, read from the environment (saas/environment.py).

Without DATABASE_URL and REDIS_URL the embedded servers of `make demo` and `make test` are used.
docs/operations.md lists every variable.
"""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from saas import settings_api
from saas.environment import (
    database_from_url,
    env_bool,
    env_int,
    env_list,
    env_networks,
    env_secret,
    env_text,
    env_word,
    env_words,
)
from saas.local import addresses
from saas.logs import FORMATS, logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_text("KARTOTEKA_DATA") or BASE_DIR / ".local" / env_text("KARTOTEKA_LOCAL", "demo"))

# The demo serves plain http on localhost and does not ask staff for a second factor.
DEMO = env_bool("KARTOTEKA_DEMO")
DEBUG = False
IS_LOCAL = not env_secret("DATABASE_URL")

SECRET_KEY = env_secret("KARTOTEKA_SECRET_KEY") or ("local-servers-only-" + "x" * 40 if IS_LOCAL else "")
if not SECRET_KEY:
    msg = "KARTOTEKA_SECRET_KEY (or KARTOTEKA_SECRET_KEY_FILE) must be set where DATABASE_URL is"
    raise ImproperlyConfigured(msg)

# --- Doors ---------------------------------------------------------------------------------------
# Every host is looked up by saas.tenancy.hosts: an unknown one is a 404 there, so Django's own list is open.
ALLOWED_HOSTS = ["*"]
APEX_HOST = env_text("KARTOTEKA_HOST", "localhost")
APEX_ALIASES = env_list("KARTOTEKA_HOST_ALIASES")
# The apex as people type it, for links in mails and commands; no trailing slash.
APEX_URL = env_text("KARTOTEKA_URL") or (
    f"http://{APEX_HOST}:{env_int('KARTOTEKA_PORT', 8000)}" if IS_LOCAL else f"https://{APEX_HOST}"
)
ROOT_URLCONF = "saas.urls_association"
PUBLIC_SCHEMA_URLCONF = "saas.urls_apex"
WSGI_APPLICATION = "saas.wsgi.application"
HOST_CACHE_SECONDS = 10

SHARED_APPS = [
    "django_tenants",
    "saas.tenancy",
    "saas.staff",
    "saas.jobs",
    "saas.rates",
    "saas.keeping",
    "saas.observing",
    "saas",
    "billing_views",
    "workers",
    # Django's own auth and contenttypes are installed for their code; their tables stay unused in public.
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
TENANT_APPS = [
    "associations.profile",
    "associations.premises",
    "associations.owners",
    "associations.notifications",
    "associations.imports",
    "associations.charges",
    "associations.ledger",
    "associations.meters",
    "associations.payments",
    "associations.audit",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "tenancy.Association"
TENANT_DOMAIN_MODEL = "tenancy.Domain"
# Safe from django-tenants 4.0.1 on and behind the guarded backend: saas/tenancy/backend.
TENANT_LIMIT_SET_CALLS = True

MIDDLEWARE = [
    "saas.observing.requests.ObservedRequests",
    "saas.health.HealthMiddleware",
    "saas.keeping.middleware.HostProofMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "billing_views.language.ChosenLanguageMiddleware",
    "saas.tenancy.middleware.DoorMiddleware",
    "saas.tenancy.sessions.DoorSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "billing_views.owner.gate.StarterPasswordGate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# --- Data ----------------------------------------------------------------------------------------
ENGINE = "saas.tenancy.backend"


def _database(url: str, **extra: Any) -> dict[str, Any]:
    return {
        **database_from_url(url, engine=ENGINE),
        "CONN_MAX_AGE": env_int("KARTOTEKA_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        **extra,
    }


# Every association's schema is distributed over the nodes of a Citus cluster (docs/operations.md).
CITUS = env_bool("KARTOTEKA_CITUS")

DATABASES = {
    # The runtime role: no DDL. Everything that serves requests and jobs, inside an association in its role.
    "default": _database(
        env_secret("DATABASE_URL") or addresses.database_url(),
        ASSOCIATION_ROLES=env_bool("KARTOTEKA_ROLES", default=True),
        ROLE_PREFIX=env_text("KARTOTEKA_ROLE_PREFIX"),
        MAX_ASSOCIATIONS=env_int("KARTOTEKA_CONN_MAX_ASSOCIATIONS", 120),
    ),
    # The owner role: provisioning, migrations, retention. Operator commands only.
    "owner": _database(
        env_secret("DATABASE_OWNER_URL") or addresses.owner_database_url(), TEST={"MIRROR": "default"}
    ),
}
DATABASE_ROUTERS = ["saas.tenancy.router.SchemaRouter"]
TENANT_SYNC_ROUTER = "saas.tenancy.router.SchemaRouter"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_secret("REDIS_URL") or addresses.redis_url()
CELERY_BROKER_URL = env_secret("REDIS_URL") or addresses.broker_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "saas.tenancy.cache.key_by_schema",
    }
}

FILES_DIR = DATA_DIR / "files"
# Drop folders of accounting programs, one per association by its slug; a package is taken when all of it is at rest.
DROP_DIR = Path(env_text("KARTOTEKA_DROP") or DATA_DIR / "drop")
DROP_QUIET_SECONDS = env_int("KARTOTEKA_DROP_QUIET_SECONDS", 30)
# Backups of associations, and the public key (age1…) that they are sealed to; without one they lie open.
BACKUP_DIR = Path(env_text("KARTOTEKA_BACKUPS") or DATA_DIR / "backups")
BACKUP_RECIPIENT = env_text("KARTOTEKA_BACKUP_RECIPIENT")
# Scheduled ones: hours between two of an association (0: none), days that all are kept, months that one of each is.
BACKUP_HOURS = env_int("KARTOTEKA_BACKUP_HOURS", 0 if IS_LOCAL else 24)
BACKUP_KEEP_DAYS = env_int("KARTOTEKA_BACKUP_KEEP_DAYS", 14)
BACKUP_KEEP_MONTHS = env_int("KARTOTEKA_BACKUP_KEEP_MONTHS", 12)
UPLOAD_MAX_BYTES = 100 * 1024 * 1024
UNPACKED_MAX_BYTES = 300 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.StaffUser"
AUTHENTICATION_BACKENDS = ["saas.staff.backends.StaffBackend", "associations.owners.backends.OwnerBackend"]
PASSWORD_HASHERS = ["associations.owners.hashers.OwaspArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "saas.staff.sessions"
IS_SECURE = not DEMO and env_bool("KARTOTEKA_HTTPS", default=not IS_LOCAL)
SESSION_COOKIE_NAME = "__Host-sesja" if IS_SECURE else "sesja"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-jezyk" if IS_SECURE else "jezyk"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
TOTP_REQUIRED = not DEMO
# How many proxies of ours stand in front: throttling believes that hop of X-Forwarded-For, and else none.
TRUSTED_PROXY_COUNT = env_int("KARTOTEKA_TRUSTED_PROXIES", 0)
# Where they connect from: they give request ids, and may ask whose names get certificates.
PROXY_NETWORKS = env_networks("KARTOTEKA_PROXY_NETWORKS", "127.0.0.0/8,::1/128")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Mail ----------------------------------------------------------------------------------------
# Without a host nothing is sent: operator commands print the links that would have been mailed.
EMAIL_HOST = env_text("KARTOTEKA_MAIL_HOST")
EMAIL_PORT = env_int("KARTOTEKA_MAIL_PORT", 587)
EMAIL_HOST_USER = env_text("KARTOTEKA_MAIL_USER")
EMAIL_HOST_PASSWORD = env_secret("KARTOTEKA_MAIL_PASSWORD") or ""
EMAIL_USE_TLS = env_bool("KARTOTEKA_MAIL_STARTTLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_text("KARTOTEKA_MAIL_FROM") or f"Otwarta Kartoteka <noreply@{APEX_HOST}>"

# --- Safety of pages -----------------------------------------------------------------------------
SECURE_SSL_REDIRECT = False  # the reverse proxy does it; behind it every request is https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "billing_views.errors.csrf_failure"

# --- Pages ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", "Polski"), ("en", "English"), ("uk", "Українська")]
LOCALE_PATHS = [BASE_DIR / "billing_views" / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True
STATIC_URL = "static/"
# Files are found where they lie; an image that collected them names their folder.
STATIC_ROOT = env_text("KARTOTEKA_STATIC") or None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = settings_api.REST_FRAMEWORK
SPECTACULAR_SETTINGS = settings_api.SPECTACULAR_SETTINGS

# --- Work behind ---------------------------------------------------------------------------------
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # PostgreSQL is the queue: a reaper returns the job, Redis need not
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Valkey as long as it takes
# A request that rings the bell never waits long for a Valkey that does not answer.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5, "max_retries": 1}
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = env_text("KARTOTEKA_QUEUE", "kartoteka")
CELERY_TIMEZONE = TIME_ZONE
# How often all associations are asked for the operators' page; with 3 000 of them it takes a worker seconds.
SURVEY_SECONDS = 300
CELERY_BEAT_SCHEDULE = {
    "scheduled backups": {
        "task": "saas.keeping.tasks.back_up_due_associations",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "what associations say of themselves": {
        "task": "saas.observing.tasks.ask_all_associations",
        "schedule": float(SURVEY_SECONDS),
        "options": {"expires": SURVEY_SECONDS},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
JOB_LEASE_SECONDS = env_int("KARTOTEKA_JOB_LEASE_SECONDS", 30)
JOB_POLL_SECONDS = env_int("KARTOTEKA_JOB_POLL_SECONDS", 3)
JOB_MAX_ATTEMPTS = 3
# How many large imports may run at once on the whole platform; keep it below the number of worker slots.
JOB_LARGE_SLOTS = env_int("KARTOTEKA_JOB_LARGE_SLOTS", 1)
# Which jobs this worker takes, where small and large ones have workers of their own.
JOB_SIZES = env_words("KARTOTEKA_JOB_SIZES", "small,large", ("small", "large"))

# --- Observing -----------------------------------------------------------------------------------
LOG_FORMAT = env_word("KARTOTEKA_LOG_FORMAT", "text" if IS_LOCAL else "json", FORMATS)
LOGGING = logging_settings(LOG_FORMAT, env_text("KARTOTEKA_LOG_LEVEL", "INFO"), tells_errors=IS_LOCAL)
# Whoever sends it may read /metrics; without one there is no such address.
METRICS_TOKEN = env_secret("KARTOTEKA_METRICS_TOKEN") or ""
