"""Django's settings module, made from the typed settings. Nothing here is read from anywhere else."""

from typing import Any
from urllib.parse import urlsplit

from groundswell.basics.result import Refused
from groundswell.site import logs
from groundswell.site.database import database
from groundswell.site.settings import load

LOGGING = logs.LOGGING
GROUNDSWELL = load()

if GROUNDSWELL.mode == "production" and GROUNDSWELL.debug:
    raise Refused.because("setting-debug", "GROUNDSWELL_DEBUG is on in production: it shows details to anyone.", "Unset it.")

DEBUG = GROUNDSWELL.debug
SECRET_KEY = GROUNDSWELL.secret or GROUNDSWELL.key_folder.ring("secret").current_key.hex()
if GROUNDSWELL.mode == "production" and ("insecure" in SECRET_KEY or len(SECRET_KEY) < 40):
    raise Refused.because(
        "setting-secret",
        "GROUNDSWELL_SECRET is a development secret or shorter than 40 characters.",
        "Unset it: the key folder has a good one.",
    )

ALLOWED_HOSTS = [
    urlsplit(GROUNDSWELL.base_url).hostname or "localhost",
    "localhost",
    "127.0.0.1",
    "testserver",
]
CSRF_TRUSTED_ORIGINS = [GROUNDSWELL.base_url]
INSTALLED_APPS = [
    "groundswell.staff", "groundswell.intake", "groundswell.people", "groundswell.post", "groundswell.campaigns",
    "groundswell.actions", "groundswell.mailings", "groundswell.inbox", "groundswell.deliveries",
    "groundswell.pages", "groundswell.office",
    "wagtail.contrib.redirects", "wagtail.sites", "wagtail.users", "wagtail.snippets", "wagtail.documents",
    "wagtail.images", "wagtail.search", "wagtail.admin", "wagtail", "modelcluster", "taggit", "django_filters",
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "groundswell.site.urls"
WSGI_APPLICATION = "groundswell.site.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # the door measured it; a provider's report may hold a whole mail
DATABASES = {"default": database(GROUNDSWELL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "staff.Account"
USE_TZ = True
TIME_ZONE = GROUNDSWELL.time_zone
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
STATIC_ROOT = GROUNDSWELL.data / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = GROUNDSWELL.media_folder
WAGTAIL_SITE_NAME = "Groundswell"
WAGTAILADMIN_BASE_URL = GROUNDSWELL.base_url
WAGTAIL_ENABLE_UPDATE_CHECK = False  # nothing of ours calls home
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # nor tells a third party who works here
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = GROUNDSWELL.base_url.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = "/office/"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews a page in a frame of its own
LOGIN_URL = "/office/login/"
SILENCED_SYSTEM_CHECKS = ["wagtailadmin.W003"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
