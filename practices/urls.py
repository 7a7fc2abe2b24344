"""Addresses of the library, kept for ever."""

from django.urls import path

from practices.views import library

app_name = "practices"
urlpatterns = [
    path("practices/", library.practice_list, name="list"),
    path("practices/<str:slug>/", library.practice_detail, name="detail"),
    path("practices/<str:slug>/draft/", library.practice_draft, name="draft"),
    path("practices/<str:slug>/publish/", library.practice_publish, name="publish"),
]
