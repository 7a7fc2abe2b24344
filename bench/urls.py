"""The portal's addresses and the floor's."""

from django.urls import path

from bench.floor import floor
from network.portal.urls import handler400, handler403, handler404, urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "urlpatterns"]
urlpatterns = [path("bench/floor/", floor), *portal]
