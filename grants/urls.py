"""The addresses of grant-making."""

app_name = "grants"
urlpatterns = []
