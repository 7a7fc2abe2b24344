"""Addresses of open data that are the same in every language."""

from django.urls import path

from practices.views import themes

app_name = "scheme"
urlpatterns = [
    path("practices/themes.ttl", themes.turtle, name="turtle"),
    path("practices/themes.jsonld", themes.json_ld, name="json_ld"),
]
