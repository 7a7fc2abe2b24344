"""The frame around every page: layout, template tags, components. No models, no domain words."""

from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "network.frame"
    label = "frame"
    verbose_name = "Frame"
