"""Addresses of networks."""

from django.urls import path

from network.membership import views

app_name = "membership"
urlpatterns = [
    path("networks/", views.networks, name="networks"),
    path("networks/<str:slug>/", views.network, name="network"),
    path("networks/<str:slug>/members.csv", views.network_csv, name="network_csv"),
]
