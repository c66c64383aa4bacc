"""The front door under granian: what carriers call goes to a small door of its own, everything else to the pages."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")

pages = get_wsgi_application()
# By their names: they need the models, which are there only now.
hooks = import_string("huoqun.wiring.hooks.application")
import_module(settings.ROOT_URLCONF)
import_string("huoqun.wiring.loaded.keep_loaded")()


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    door = hooks if environ["PATH_INFO"].startswith("/hooks/") else pages
    answered: Iterable[bytes] = door(environ, start_response)
    return answered
