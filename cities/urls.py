"""Addresses below a city. The city's own page shows several apps at once and belongs to the roof (portal:city)."""

from django.urls import path

from cities import views

app_name = "cities"
urlpatterns = [
    path("cities/<str:slug>/contact/", views.contact, name="contact"),
    path("cities/<str:slug>/contact/sent/", views.contact_sent, name="contact_sent"),
    path("cities/<str:slug>/pictures/<int:pk>/", views.picture, name="picture"),
]
