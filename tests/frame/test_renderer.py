"""Controls drawn in Python are the ones Django's templates draw."""

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


ATTRS = [{}, {"class": "short", "disabled": True, "hidden": False, "data-x": HOSTILE, "rows": 3}]
LINES = [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput,
    forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.CheckboxInput, forms.FileInput, forms.Textarea,
]  # fmt: skip


@pytest.mark.parametrize("kind", LINES)
@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("value", [None, "", "x", 0, 1.5, True, HOSTILE, "\nfirst line", mark_safe("a &amp; b")])
def test_a_line_a_box_and_a_tick_are_the_same_as_djangos(kind, attrs, value):
    ours = kind(attrs).render("name", value, {"id": "id_name"}, renderer=Renderer())
    theirs = kind(attrs).render("name", value, {"id": "id_name"}, renderer=TemplatesSetting())
    assert ours.strip() == theirs.strip(), "to the letter, a first line break too"
    assert "<script>" not in ours


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("wrapped", [True, False])
def test_each_of_several_ticks_is_the_same_as_djangos(kind, attrs, wrapped):
    def drawn(renderer):
        class Form(forms.Form):
            one = forms.ChoiceField(choices=CHOICES[:4], widget=kind(attrs))

        form = Form(initial={"one": [HOSTILE, "1"]}, renderer=renderer)
        return [option.tag(wrap_label=wrapped).strip() for option in form["one"].subwidgets]

    assert drawn(Renderer()) == drawn(TemplatesSetting())
    assert len(drawn(Renderer())) == 4


def test_other_controls_are_left_to_their_templates():
    widget = forms.RadioSelect(choices=CHOICES)
    assert widget.render("name", "x", {}, renderer=Renderer()) == widget.render(
        "name", "x", {}, renderer=TemplatesSetting()
    )
