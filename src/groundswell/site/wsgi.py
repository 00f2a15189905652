"""The office as a WSGI application, run by Granian behind the public door."""

import os

from django.core.wsgi import get_wsgi_application

from groundswell.basics.processes import end_with_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.site.django")
end_with_server()
application = get_wsgi_application()
