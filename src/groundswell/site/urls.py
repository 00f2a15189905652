"""Every address that Django answers. The public door serves its own before anything comes here."""

from django.urls import include, path
from wagtail.documents import urls as wagtaildocs_urls

from groundswell.inbox import webhooks
from groundswell.office import mailbox
from groundswell.pages import views as pages

urlpatterns = [
    path("office/", include("groundswell.office.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("m/open", pages.open_own_data, name="own-data"),
    path("m/<str:token>/shares", pages.open_shares, name="own-shares"),
    # Mail providers' reports; the door passes them on like anything that is not a public page.
    path("back/<str:secret>/<str:name>/<str:what>/", webhooks.take, name="webhook"),
    # Demo and development only: the views say 404 elsewhere.
    path("mailbox", mailbox.inbox, name="mailbox"),
    path("mailbox/<str:name>", mailbox.letter, name="letter"),
    path("mailbox/<str:name>/html", mailbox.letter_html, name="letter-html"),
]
