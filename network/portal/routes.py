"""Addresses of pages that show several apps at once."""

from django.conf import settings
from django.urls import path

from network.portal.views import about, city, components, desk, directory, home, mailbox, sitemap

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("cities/", directory.cities, name="cities"),
    path("cities/<str:slug>/", city.city, name="city"),
    path("map/cities.json", directory.city_points, name="city_points"),
    path("about/", about.about, name="about"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("pages/", sitemap.for_people, name="sitemap"),
    path("desk/", desk.desk, name="desk"),
]
if settings.KOINE_DEVELOPMENT:
    urlpatterns += [
        path("components/", components.components, name="components"),
        path("desk/mailbox/", mailbox.mailbox, name="mailbox"),
        path("desk/mailbox/<str:name>/", mailbox.mail, name="mail"),
    ]
