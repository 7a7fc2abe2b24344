"""The portal's addresses with the gallery of components among them, which otherwise only development serves."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from network.portal.urls import handler400, handler403, handler404, urlpatterns as portal
from network.portal.views import components

__all__ = ["handler400", "handler403", "handler404", "urlpatterns"]
urlpatterns = [*portal, *i18n_patterns(path("components/", components.components, name="gallery"))]
