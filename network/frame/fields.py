"""How a form's field is shown: label, hint, error, control, joined for screen readers, without a `required` attribute.

The server judges; the browser never refuses to send. Text fields find their direction by what is typed; addresses,
numbers and codes are left to right in every language.
"""

from __future__ import annotations

from dataclasses import dataclass, field as default
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

LEFT_TO_RIGHT = (
    forms.EmailInput,
    forms.URLInput,
    forms.NumberInput,
    forms.PasswordInput,
    forms.DateInput,
    forms.TimeInput,
)
LTR_TYPES = {"tel", "number", "email", "url", "date", "time", "month"}


@dataclass
class Shown:
    """A field ready for `components/field.html`. `kind` is line, text, choices, tick, file or several."""

    bound: BoundField
    kind: str
    id: str
    label: Any
    hint: Any
    errors: list[str]
    optional: bool
    control: SafeString | str
    options: list[dict[str, Any]] = default(default_factory=list)
    counter: dict[str, Any] | None = None

    @property
    def hint_id(self) -> str:
        return f"{self.id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.id}_error"

    @property
    def counter_id(self) -> str:
        return f"{self.id}_counter"

    @property
    def described_by(self) -> str:
        """The ids a fieldset is described by; nothing where there are none."""
        return " ".join(one for one, there in ((self.hint_id, self.hint), (self.error_id, self.errors)) if there)


def kind_of(widget: forms.Widget) -> str:
    """Which of the shapes of `components/field.html` a widget takes."""
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.FileInput):
        return "file"
    if widget.use_fieldset:
        return "several"
    return "text" if isinstance(widget, forms.Textarea) else "line"


def writing_direction(widget: forms.Widget) -> str:
    """`auto` for what people write, `ltr` for addresses, numbers and codes, nothing for what is not typed."""
    if "dir" in widget.attrs:
        return str(widget.attrs["dir"])
    if isinstance(widget, LEFT_TO_RIGHT) or widget.attrs.get("type") in LTR_TYPES:
        return "ltr"
    return "auto" if isinstance(widget, forms.TextInput | forms.Textarea) else ""


def show(
    bound: BoundField,
    *,
    label: Any = None,
    hint: Any = None,
    max_words: int | None = None,
    max_characters: int | None = None,
    attrs: dict[str, Any] | None = None,
    mark_optional: bool = True,
) -> Shown:
    """Prepare a field. A limit given here is only counted for the reader; the form's `clean` keeps it."""
    bound.form.use_required_attribute = False
    widget = bound.field.widget
    kind = kind_of(widget)
    shown = Shown(
        bound=bound,
        kind=kind,
        id=bound.auto_id or bound.html_name,
        label=bound.label if label is None else label,
        hint=bound.help_text if hint is None else hint,
        errors=error_texts(bound),
        optional=mark_optional and not bound.field.required and kind != "tick",
        control="",
    )
    limit = max_words or max_characters
    if limit:
        unit = "words" if max_words else "characters"
        shown.counter = {"unit": unit, "max": limit}
    extra = dict(attrs or {})
    if writing := writing_direction(widget):
        extra["dir"] = writing
    if kind == "choices":
        shown.options = [
            {"id": option.id_for_label, "label": option.choice_label, "control": SafeString(option.tag())}
            for option in bound.subwidgets
        ]
        return shown
    described = shown.described_by + (f" {shown.counter_id}" if shown.counter else "")
    if described.strip():
        extra["aria-describedby"] = described.strip()
    if kind == "file":
        shown.control = bound.as_widget(widget=forms.FileInput(attrs={**widget.attrs}), attrs=extra)
    else:
        shown.control = bound.as_widget(attrs=extra)
    return shown


def error_texts(bound: BoundField) -> list[str]:
    """A field's errors as sentences that name it: Django's own "This field is required." is told with the label."""
    texts: list[str] = []
    for error in bound.errors.as_data():
        if error.code == "required" and error.message == forms.Field.default_error_messages["required"]:
            kind = kind_of(bound.field.widget)
            if kind == "tick":
                act = _("Tick: %(label)s")
            elif kind in {"choices", "file"} or isinstance(bound.field.widget, forms.Select):
                act = _("Choose: %(label)s")
            else:
                act = _("Fill in: %(label)s")
            texts.append(act % {"label": bound.label})
        else:
            texts += [str(message) for message in error.messages]
    return texts


def first_control_id(bound: BoundField) -> str:
    """The id that an error links to: the control's, or the first option's of a group."""
    if kind_of(bound.field.widget) in {"choices", "several"}:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def errors_of(forms_and_sets: tuple[Any, ...]) -> list[dict[str, str]]:
    """Every error of forms and formsets in the order of the fields: text, and the id of the control it belongs to."""
    found: list[dict[str, str]] = []
    for one in forms_and_sets:
        if not one:
            continue
        if hasattr(one, "non_form_errors"):
            found += [{"text": str(error), "id": ""} for error in one.non_form_errors()]
            found += errors_of(tuple(one.forms))
            continue
        if not one.is_bound:
            continue
        found += [{"text": str(error), "id": ""} for error in one.non_field_errors()]
        for bound in one:
            found += [{"text": text, "id": first_control_id(bound)} for text in error_texts(bound)]
    return found
