"""Drop-downs drawn in Python are the ones Django's templates draw."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from network.frame.renderer import Renderer

HOSTILE = '"><script>x</script>&'
CHOICES = [
    ("", "Any"),
    (1, "One"),
    (HOSTILE, HOSTILE),
    ("safe", mark_safe("<b>bold</b>")),
    (HOSTILE, [("a", "In a group"), ("b", HOSTILE)]),
]


@pytest.mark.parametrize("value", ["", 1, "b", HOSTILE, "none of them"])
@pytest.mark.parametrize("attrs", [{}, {"class": "short", "disabled": True, "hidden": False, "data-x": HOSTILE}])
def test_a_drop_down_is_the_same_as_djangos(value, attrs):
    widget = forms.Select(attrs, CHOICES)
    ours = widget.render("name", value, {"id": "id_name"}, renderer=Renderer())
    theirs = widget.render("name", value, {"id": "id_name"}, renderer=TemplatesSetting())
    assert parse_html(ours) == parse_html(theirs)
    assert "<script>" not in ours


def test_other_controls_are_left_to_their_templates():
    assert forms.TextInput().render("name", "x", {}, renderer=Renderer()) == forms.TextInput().render(
        "name", "x", {}, renderer=TemplatesSetting()
    )
