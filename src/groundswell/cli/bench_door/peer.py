"""The peer that the door is measured against: a plain Django view, as the tutorial writes it.

A form, two rows through the ORM in one transaction, the middleware of a new project, and a database connection that
stays open. Served by Granian (WSGI). CSRF is left out: the load client fetches no form first.
"""

import os

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="of-no-use-to-anyone-" * 3,
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        USE_TZ=True,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql", "NAME": os.environ.get("BENCH_DATABASE", ""),
                "USER": os.environ.get("BENCH_USER", ""), "HOST": os.environ.get("BENCH_HOST", ""), "CONN_MAX_AGE": None,
            }
        },
    )  # fmt: skip
    django.setup()

from django import forms
from django.core.wsgi import get_wsgi_application
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

TABLES = """
CREATE TABLE bench_person (id bigserial PRIMARY KEY, email text UNIQUE NOT NULL, name text, country text, postcode text,
    consent text, joined_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE bench_signature (id bigserial PRIMARY KEY, petition bigint NOT NULL, person bigint NOT NULL REFERENCES bench_person,
    version int NOT NULL, source text, signed_at timestamptz NOT NULL DEFAULT now(), UNIQUE (petition, person));
"""
PERSON = "INSERT INTO bench_person (email, name, country, postcode, consent) VALUES ({}) RETURNING id"
SIGNATURE = "INSERT INTO bench_signature (petition, person, version, source) VALUES ({})"


class Person(models.Model):
    """The first row."""

    email = models.TextField(unique=True)
    name = models.TextField()
    country = models.TextField()
    postcode = models.TextField()
    consent = models.TextField()
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label, db_table = "bench", "bench_person"

    def __str__(self) -> str:
        return f"person {self.pk}"


class Signature(models.Model):
    """The second row."""

    petition = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_column="person")
    version = models.IntegerField()
    source = models.TextField()
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label, db_table = "bench", "bench_signature"

    def __str__(self) -> str:
        return f"signature {self.pk}"


class Form(forms.Form):
    """What the petition's form asks."""

    name = forms.CharField(max_length=120, required=False)
    email = forms.EmailField()
    country = forms.CharField(max_length=2, required=False)
    postcode = forms.CharField(max_length=12, required=False)
    consent = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    source = forms.CharField(max_length=80, required=False)
    text_version = forms.IntegerField()


def sign(request: HttpRequest) -> HttpResponse:
    """The view."""
    form = Form(request.POST)
    if not form.is_valid():
        return HttpResponse("no", status=422)
    said = form.cleaned_data
    with transaction.atomic():
        person = Person._default_manager.create(
            **{name: said[name] for name in ("email", "name", "country", "postcode", "consent")}
        )
        Signature._default_manager.create(petition=1, person=person, version=said["text_version"], source=said["source"])
    return HttpResponse(status=303, headers={"Location": "/thanks", "Content-Length": "0"})


urlpatterns = [path("sign", sign)]
application = get_wsgi_application()
