"""The office as a WSGI application, run by Granian behind the public door."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.site.django")
application = get_wsgi_application()
