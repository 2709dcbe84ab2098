"""Settings of Redress: one file, every choice from the environment, each with a default that suits a trial."""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import embedded_postgres

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()


def _development_key(name: str, size: int = 48) -> str:
    """Return a secret of `size` bytes kept in `var/keys/`, made on first use, so that none stands in the repository."""
    path = VAR_DIR / "keys" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(f"{name}.{secrets.token_hex(4)}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(size))
        try:
            path.hardlink_to(new)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _development_key("secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRIAL = env.bool("TRIAL", default=not env.str("DATABASE_URL", default=""))
"""Whether this is somebody's trial on the embedded database, where one may look around without a second step."""
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "accounts",
    "audit",
    "moves",
    "policy_rules",
    "casework",
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_fsm",
    "django_htmx",
    "drf_spectacular",
    "drf_standardized_errors",
    "guardian",
    "knox",
    "procrastinate.contrib.django",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.caching.one_for_everyone",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.preferences.remember_choice",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.keep_private",
    "config.preferences.speak_to_the_person",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.second_factor.RequireSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.errors.with_a_page",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.office",
            ],
        },
    },
]

if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "USER": "postgres",
            "HOST": str(embedded_postgres.socket_folder(embedded_postgres.folder())),
        }
    }
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
"""Counts of tries and used codes: shared by all processes, or each would allow its own number (docs/adr/0020)."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login", "name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105  (a model, not a token)
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key"}
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reauthenticate": "accounts.forms.ConfirmPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.FirstPasswordForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not TRIAL)
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.ConfirmSecondStepForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "begin"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_LONGEST = 12 * 60 * 60
"""Seconds: a session ends after 30 minutes without use, and after 12 hours however busy it is."""

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
COLLECTED_STATIC = env.bool("COLLECTED_STATIC", default=False)
"""Production sets this after `manage.py collectstatic`: names bear digests; files are compressed and cached."""
WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "files")))
"""Evidence and letters; never served by address, only through views that ask for permission."""

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=not TRIAL)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0 if TRIAL else 365 * 24 * 60 * 60)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts of a city's domain are not ours to bind
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.HasScope"],
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "redress_"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Redress API",
    "DESCRIPTION": "Cases, the policy manual, the audit log and statistics. Reference page: /api/v1/reference/.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "DeliveryProofEnum": "casework.vocabulary.DeliveryProof.choices",
        "ClientErrorEnum": "drf_standardized_errors.openapi_serializers.ClientErrorEnum.choices",
        "ServerErrorEnum": "drf_standardized_errors.openapi_serializers.ServerErrorEnum.choices",
        "ValidationErrorEnum": "drf_standardized_errors.openapi_serializers.ValidationErrorEnum.choices",
        "ChannelEnum": "casework.vocabulary.Channel.choices",
        "CommentChannelEnum": "policy_rules.models.consultation.Channel.choices",
        "WithheldEnum": "policy_rules.models.consultation.Withheld.choices",
        "PartOfDifferenceEnum": ["same", "removed", "added"],
        "ChangeOfSectionEnum": ["added", "removed", "changed", "moved"],
        "OtherChannelEnum": ["mail", "voice", "session"],
        "NoFieldAttrEnum": ["non_field_errors"],
        "NoFieldCodeEnum": ["invalid", "null"],
        "ReasonAttrEnum": ["reason"],
        "DayAttrEnum": ["on"],
        "DayCodeEnum": ["datetime", "invalid"],
        "ChoiceCodeEnum": ["invalid_choice"],
        "ChoiceOrNothingCodeEnum": ["invalid_choice", "null"],
        "FilterCodeEnum": ["null_characters_not_allowed"],
        "TextCodeEnum": [
            "blank",
            "invalid",
            "max_length",
            "null",
            "null_characters_not_allowed",
            "surrogate_characters_not_allowed",
        ],
        "RequiredTextCodeEnum": [
            "blank",
            "invalid",
            "max_length",
            "null",
            "null_characters_not_allowed",
            "required",
            "surrogate_characters_not_allowed",
        ],
    },
}

AUDIT_ORIGIN = env.str("AUDIT_ORIGIN", default=f"{urlsplit(SITE_URL).hostname}/log")
"""The log's name on every checkpoint; an existing log keeps the name it began with."""
AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY", default="") or _development_key("log_signing_key", size=32)
"""The 32 secret bytes of the Ed25519 key that signs checkpoints, in URL-safe base64."""
AUDIT_CHECKPOINT_STORE = {
    "BACKEND": env.str("AUDIT_CHECKPOINT_STORE", default="audit.store.FolderStore"),
    "OPTIONS": {"folder": env.str("AUDIT_CHECKPOINT_FOLDER", default=str(embedded_postgres.beside("checkpoints")))},
}
"""Where the newest checkpoint is kept outside the database, best on another machine's disk."""
AUDIT_BEAT_SECONDS = env.float("AUDIT_BEAT_SECONDS", default=2.0)
"""Seconds between two checkpoints. The beat is fixed, so that an entry's appearance tells nothing of its time."""
AUDIT_WITNESSES = env.list("AUDIT_WITNESSES", default=[])
"""Public keys of the witnesses whose cosignatures are taken and shown, each as `name+id+key`."""
AUDIT_TIME_STAMP_URL = env.str("AUDIT_TIME_STAMP_URL", default="")
"""Address of a time-stamping authority (RFC 3161) that stamps the newest checkpoint each hour; none by default."""
AUDIT_TIME_STAMP_ROOTS = env.str("AUDIT_TIME_STAMP_ROOTS", default="")
"""A PEM file of the certificates that vouch for that authority, and for those that were used before."""

DRAFTS_KEPT_DAYS = env.int("DRAFTS_KEPT_DAYS", default=30)
"""Days for which an unfinished complaint is kept after it was last changed; the public pages say so."""

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default=f"no-reply@{urlsplit(SITE_URL).hostname}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

OFFICE = {
    "city": env.str("OFFICE_CITY", default="Harrow Bend"),
    "name": env.str("OFFICE_NAME", default="Office of Police Accountability"),
    "name_es": env.str("OFFICE_NAME_ES", default="Oficina de Rendición de Cuentas de la Policía"),
    "phone": env.str("OFFICE_PHONE", default="555-555-0142"),
    "address": env.str("OFFICE_ADDRESS", default="Roberts Park Annex, 40 Mill Race Street"),
    "exit_url": env.str("OFFICE_EXIT_URL", default="https://www.weather.gov/"),
    "demonstration": env.bool("OFFICE_DEMONSTRATION", default=True),
}
"""How pages and letters name the office. The demonstration says on every page that the city is made up."""
MFA_TOTP_ISSUER = OFFICE["name"]

HOLIDAYS = {"country": env.str("HOLIDAYS_COUNTRY", default="US"), "state": env.str("HOLIDAYS_STATE", default="NC")}
"""Public holidays that business days leave out."""
