"""The web process."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from config.startup import check_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
check_settings()
# What is loaded by now stays; the search for cycles in memory need not walk through it again.
gc.collect()
gc.freeze()
