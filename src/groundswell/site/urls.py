"""Every address that Django answers. The public door serves its own before anything comes here."""

from django.urls import include, path

urlpatterns = [
    path("office/", include("groundswell.office.urls")),
]
