"""Fields as experience.md wants them: labelled, described, never `required`, named in their errors."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.template import Context, Template

from network.frame import fields


class Sample(forms.Form):
    name = forms.CharField(label="Full name", help_text="As on letters.")
    email = forms.EmailField(label="E-mail", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    own = forms.CharField(label="Own words", error_messages={"required": "Tell us in your own words."})
    file = forms.FileField(label="File", required=False)

    def clean(self):
        raise forms.ValidationError("The two do not fit together.")


def html(source: str, **values) -> str:
    return Template(source).render(Context(values))


def drawn(name: str, form: forms.Form, more: str = "") -> str:
    return html(f"{{% form_field form.{name} {more} %}}", form=form)


def test_no_field_is_refused_by_the_browser():
    form = Sample()
    page = html("{% form_fields form %}", form=form)
    assert len(re.findall(r'class="field[ "]', page)) == len(form.fields)
    assert not re.search(r"\srequired[\s>=]", page)


def test_a_wrong_field_is_joined_to_its_hint_and_its_error():
    page = drawn("name", Sample({}))
    assert 'aria-invalid="true"' in page
    described = re.search(r'aria-describedby="([^"]+)"', page).group(1).split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert all(f'id="{one}"' in page for one in described)


@pytest.mark.parametrize(("name", "direction"), [("name", "auto"), ("email", "ltr")])
def test_typed_text_finds_its_direction(name: str, direction: str):
    assert f'dir="{direction}"' in drawn(name, Sample())


def test_only_optional_fields_are_marked_and_not_in_filters():
    assert "(optional)" in drawn("email", Sample())
    assert "(optional)" not in drawn("name", Sample())
    assert "(optional)" not in drawn("email", Sample(), "mark_optional=False")


def test_a_choice_is_a_group_with_a_legend():
    page = drawn("kind", Sample({}))
    assert "<fieldset" in page
    assert "<legend>Kind</legend>" in page
    assert 'aria-describedby="id_kind_error"' in page
    assert page.count('type="radio"') == 2


def test_errors_name_their_field_and_link_to_it():
    told = fields.errors_of((Sample({"email": "x"}),))
    assert told == [
        {"text": "The two do not fit together.", "id": ""},
        {"text": "Fill in: Full name", "id": "id_name"},
        {"text": "Enter a valid email address.", "id": "id_email"},
        {"text": "Choose: Kind", "id": "id_kind_0"},
        {"text": "Tick: I agree", "id": "id_agree"},
        {"text": "Tell us in your own words.", "id": "id_own"},
    ]


def test_the_summary_says_what_the_fields_say_and_is_silent_without_errors():
    form = Sample({})
    page = html("{% error_summary form %}{% form_fields form %}", form=form)
    for error in fields.errors_of((form,)):
        if error["id"]:
            assert page.count(error["text"]) == 2
            assert f'href="#{error["id"]}"' in page
            assert f'id="{error["id"]}"' in page
    assert html("{% error_summary form %}", form=Sample()).strip() == ""
    assert html("{% error_prefix form %}", form=form) == "Error: "
    assert html("{% error_prefix form %}", form=Sample()) == ""


def test_a_limit_is_counted_and_described():
    page = drawn("own", Sample(), "max_words=100")
    assert 'data-counter="words"' in page
    assert 'data-max="100"' in page
    assert 'aria-describedby="id_own_counter"' in page
    assert "At most 100 words" in page


def test_errors_of_a_formset_are_listed_row_by_row():
    rows = forms.formset_factory(Sample, extra=0)
    formset = rows({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-email": "x"})
    assert {"text": "Fill in: Full name", "id": "id_form-0-name"} in fields.errors_of((formset,))
