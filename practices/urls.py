"""The library's addresses."""

app_name = "practices"
urlpatterns = []
