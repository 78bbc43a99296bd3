"""The WSGI application that granian serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from onedoor.kernel import inuse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onedoor.settings")
application = get_wsgi_application()
# A restore must not take the database away under a process that goes on writing to the old one.
inuse.work_in(settings.DATA)
