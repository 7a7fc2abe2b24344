"""Forms with translated texts: one group per language, the core languages first, each control in its own direction."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from network.frame.inputs import DayInput, MomentInput
from network.languages import CODES, CORE, LANGUAGES
from network.portal.admin.fields import CountryField, PickField, your_zone_lazy
from network.translation.models import column


class TranslatedForm:
    """Builds fieldsets from `facts` (groups of plain fields) and `texts` (translated fields); mixed into the base admin.

    modeltranslation's own TranslationAdmin would put fourteen columns of every text one below the other without saying
    which language each is in; here each language is a group with its own name, `lang` and `dir`.
    """

    facts: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()
    texts: ClassVar[tuple[str, ...]] = ()
    pickers: ClassVar[dict[str, Any]] = {}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, dict[str, Any]]]:
        groups = [(name, {"fields": list(fields)}) for name, fields in self.facts_for(request, obj)]
        if self.texts:
            groups += [self._language_group(code, obj) for code in (*CORE, *[c for c in CODES if c not in CORE])]
        return groups

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        """The groups of plain fields; a form that differs between adding and changing overrides this."""
        return self.facts

    def _language_group(self, code: str, obj: Any) -> tuple[str, dict[str, Any]]:
        fields = [column(text, code) for text in self.texts]
        written = obj is not None and any(getattr(obj, name, "") for name in fields)
        classes = ["language", f"language-{code}", *(["written"] if written else [])]
        return LANGUAGES[code].native_name, {"fields": fields, "classes": classes}

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """A control for a column, without Django's pop-ups and pickers."""
        control = self._control(db_field, request, **kwargs)
        if control is not None:
            # Columns with a computed default would be compared with a hidden copy, which these forms do not carry.
            control.show_hidden_initial = False
        return control

    def _control(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if hasattr(db_field, "translated_field"):
            return self._text_control(db_field)
        if isinstance(db_field, models.ForeignKey):
            return self._related_control(db_field, request)
        if db_field.name == "country":
            return CountryField(label=capfirst(db_field.verbose_name), required=not db_field.blank)
        if isinstance(db_field, models.DateTimeField):
            return db_field.formfield(widget=MomentInput, help_text=db_field.help_text or your_zone_lazy())
        if isinstance(db_field, models.DateField):
            return db_field.formfield(widget=DayInput)
        if isinstance(db_field, ArrayField):
            return self._list_control(db_field)
        if isinstance(db_field, models.URLField):
            return db_field.formfield(assume_scheme="https")
        return db_field.formfield()

    def _text_control(self, db_field: Any) -> forms.Field:
        language = LANGUAGES[db_field.language]
        base = db_field.translated_field
        long = isinstance(base, models.TextField)
        attrs: dict[str, Any] = {"lang": language.code, "dir": language.direction}
        widget = forms.Textarea(attrs={**attrs, "rows": 5}) if long else forms.TextInput(attrs=attrs)
        return forms.CharField(
            label=capfirst(base.verbose_name), required=False, max_length=base.max_length, widget=widget
        )

    def _related_control(self, db_field: models.ForeignKey, request: HttpRequest) -> forms.Field:
        picker = self.pickers.get(db_field.name)
        if picker is not None:
            kind, make = picker
            return db_field.formfield(form_class=PickField, picker=make(request), url=f"/admin/suggest/{kind}/")
        related = self.admin_site._registry.get(db_field.remote_field.model)
        rows = related.get_queryset(request) if related else db_field.remote_field.model._default_manager.none()
        return db_field.formfield(queryset=rows, empty_label="")

    def _list_control(self, db_field: ArrayField) -> forms.Field:
        if db_field.name == "enabled_languages":
            return forms.MultipleChoiceField(
                label=capfirst(db_field.verbose_name),
                choices=[(code, language.native_name) for code, language in LANGUAGES.items()],
                widget=forms.CheckboxSelectMultiple,
            )
        return db_field.formfield(help_text=db_field.help_text or _("Separate with commas."))


def texts_in(values: dict[str, Any], text: str) -> dict[str, str]:
    """The languages of one translated text among values by column: `{"act_el": "..."}` is `{"el": "..."}`."""
    return {code: values[name] or "" for code in CODES if (name := column(text, code)) in values}
