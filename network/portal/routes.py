"""Addresses of pages that show several apps at once."""

app_name = "portal"
urlpatterns = []
