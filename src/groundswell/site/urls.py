"""Every address that Django answers. The public door serves its own before anything comes here."""

from django.urls import include, path
from wagtail.documents import urls as wagtaildocs_urls

from groundswell.office import mailbox

urlpatterns = [
    path("office/", include("groundswell.office.urls")),
    path("documents/", include(wagtaildocs_urls)),
    # Demo and development only: the views say 404 elsewhere.
    path("mailbox", mailbox.inbox, name="mailbox"),
    path("mailbox/<str:name>", mailbox.letter, name="letter"),
    path("mailbox/<str:name>/html", mailbox.letter_html, name="letter-html"),
]
