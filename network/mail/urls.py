"""Addresses of what people decide about their mail, and of their notices."""

from django.urls import path

from network.mail.views import choices, notices, stop

app_name = "mail"
urlpatterns = [
    path("desk/mail/", choices.preferences, name="preferences"),
    path("desk/notices/", notices.notices, name="notices"),
    path("desk/notices/<int:pk>/", notices.notice, name="notice"),
    path("mail/stop/<str:token>/", stop.stop, name="stop"),
]
