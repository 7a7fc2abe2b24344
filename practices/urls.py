"""Addresses of the library, kept for ever."""

from django.urls import path

from practices import views

app_name = "practices"
urlpatterns = [
    path("practices/", views.practice_list, name="list"),
    path("practices/<str:slug>/", views.practice_detail, name="detail"),
    path("practices/<str:slug>/draft/", views.practice_draft, name="draft"),
    path("practices/<str:slug>/publish/", views.practice_publish, name="publish"),
]
