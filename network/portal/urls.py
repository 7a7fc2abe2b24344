"""Every address of the portal. They are kept for ever."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from network.portal.views import health

handler400 = "network.portal.views.errors.bad_request"
handler403 = "network.portal.views.errors.forbidden"
handler404 = "network.portal.views.errors.not_found"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/", include("network.portal.api.urls")),
    path("admin/", admin.site.urls),
]
# The app decides what stands below: `practices/...`, `cities/...`, `networks/...`, `funds/...`, `people/...`.
urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("", include("network.portal.routes")),
    path("", include("practices.urls")),
    path("", include("cities.urls")),
    path("", include("network.membership.urls")),
    path("", include("grants.urls")),
    path("", include("network.people.urls")),
)
