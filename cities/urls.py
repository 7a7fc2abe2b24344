"""Addresses below a city. The city's own page shows several apps at once and belongs to the roof (portal:city)."""

from django.urls import path

from cities.views import editing, letters, pictures

app_name = "cities"
urlpatterns = [
    path("cities/<str:slug>/contact/", letters.contact, name="contact"),
    path("cities/<str:slug>/contact/sent/", letters.contact_sent, name="contact_sent"),
    path("cities/<str:slug>/edit/", editing.edit, name="edit"),
    path("cities/<str:slug>/edit/contacts/", editing.new_contact, name="new_contact"),
    path("cities/<str:slug>/edit/contacts/<int:pk>/remove/", editing.drop_contact, name="drop_contact"),
    path("cities/<str:slug>/edit/pictures/", editing.new_picture, name="new_picture"),
    path("cities/<str:slug>/edit/pictures/<int:pk>/remove/", editing.drop_picture, name="drop_picture"),
    path("cities/<str:slug>/pictures/<int:pk>/", pictures.picture, name="picture"),
]
