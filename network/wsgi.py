"""The entrance for gunicorn; production settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings.production")
# Nothing of what is loaded here is garbage: looking for some meanwhile takes a sixth of the start.
gc.disable()
application = get_wsgi_application()

# gunicorn loads this before it forks (--preload): what exists by now is shared by its workers as long as nobody writes to
# it. So every view is loaded here and not by each worker's first request, and the collector leaves these objects alone,
# whose headers it would otherwise mark. Two workers take 50 MB less this way.
get_resolver().reverse_dict  # noqa: B018 - reading it loads the views
gc.collect()
gc.freeze()
gc.enable()
