"""Every address of the portal. They are kept for ever."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path, re_path

from network.mail.api import bounces
from network.portal.views import about, health, home, sitemap
from practices.views import documents, harvest, publications

handler400 = "network.portal.views.errors.bad_request"
handler403 = "network.portal.views.errors.forbidden"
handler404 = "network.portal.views.errors.not_found"

urlpatterns = [
    path("", home.choose_language, name="root"),
    path("robots.txt", about.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": sitemap.SITEMAPS, "sitemap_url_name": "sitemap_part"},
        name="sitemap_index",
    ),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": sitemap.SITEMAPS}, name="sitemap_part"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    re_path(r"^p/(?P<number>\d+)/?$", documents.short_link, name="short_link"),
    re_path(r"^oai/?$", harvest.harvest, name="oai"),
    path("publications/<str:opaque_id>/", publications.stable_link, name="publication"),
    path("publications/<str:opaque_id>/<int:number>.pdf", publications.publication_file, name="publication_pdf"),
    path("api/v1/", include("network.portal.api.urls")),
    path("mail/bounces/", bounces, name="mail_bounces"),
    path("", include("practices.routes")),
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
    path("", include("network.mail.urls")),
)
