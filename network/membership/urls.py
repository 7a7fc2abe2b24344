"""The networks' addresses."""

app_name = "membership"
urlpatterns = []
