"""Addresses of single cities' own doors."""

app_name = "cities"
urlpatterns = []
