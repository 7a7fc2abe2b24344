"""Addresses of people and organisations."""

app_name = "people"
urlpatterns = []
