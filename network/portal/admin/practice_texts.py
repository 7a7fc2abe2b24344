"""Writing a practice, one language on a page, with the original beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from network.doors import DomainError
from network.frame.names import language_name
from network.languages import CODES, CORE, LANGUAGES
from network.translation.models import column
from practices.domain.practices import set_texts
from practices.models import Practice, PracticeNarrative
from practices.rules.completeness import CARD_FIELDS, LIMITS, TEXT_FIELDS, missing_fields
from practices.rules.practices import can_edit_practice

LINES = {"title", "strapline"}


class TextsForm(forms.Form):
    """Every text of a practice in one language; `version` is the record's when the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"lang": language, "dir": LANGUAGES[language].direction}
        for name in TEXT_FIELDS:
            model = Practice if name in CARD_FIELDS else PracticeNarrative
            area = forms.Textarea(attrs={**attrs, "rows": 9 if name not in CARD_FIELDS else 4})
            self.fields[name] = forms.CharField(
                label=capfirst(model._meta.get_field(name).verbose_name),
                required=False,
                widget=forms.TextInput(attrs=attrs) if name in LINES else area,
            )


def texts_by_field(practice: Practice) -> dict[str, dict[str, str]]:
    """Every text of a record by field and language, empty ones as empty text."""
    sources = {name: practice if name in CARD_FIELDS else practice.narrative for name in TEXT_FIELDS}
    return {
        name: {code: getattr(source, column(name, code)) or "" for code in CODES} for name, source in sources.items()
    }


class PracticeTextPages:
    """The pages of a practice's texts; mixed into the admin of practices."""

    def own_routes(self) -> Iterable[tuple[str, Callable, str]]:
        """One page per language."""
        return (("<path:object_id>/texts/<slug:code>/", self.texts_view, "texts"),)

    @admin.display(description=gettext_lazy("Texts, each language on its own page"))
    def texts_told(self, obj: Any) -> str:
        """Which languages are complete, begun or empty, the original and the core languages first."""
        texts = texts_by_field(obj)
        order = dict.fromkeys((obj.original_language, *CORE, *CODES))
        rows = []
        for code in order:
            missing = missing_fields(texts, code)
            begun = any(texts[name][code] for name in TEXT_FIELDS)
            words, kind = (_("complete"), " chip--good") if not missing else (_("begun"), " chip--watch")
            words, kind = (words, kind) if begun else (_("empty"), "")
            if code == obj.original_language:
                words = _("original, %(state)s") % {"state": words}
            url = reverse("admin:practices_practice_texts", args=[obj.pk, code])
            rows.append((url, code, LANGUAGES[code].native_name, kind, words))
        line = '<li><a href="{}"><bdi lang="{}">{}</bdi></a> <span class="chip{}">{}</span></li>'
        return format_html('<ul class="tongues">{}</ul>', format_html_join("", line, rows))

    def texts_view(self, request: HttpRequest, object_id: str, code: str) -> HttpResponse:
        """The texts in one language beside the original; saved by one call of the domain."""
        practice = self.get_object(request, object_id)
        if practice is None or code not in LANGUAGES:
            raise Http404(object_id)
        verdict = can_edit_practice(request.user, practice)
        if not self.has_change_permission(request, practice) or not verdict:
            raise PermissionDenied(getattr(verdict, "reason", ""))
        texts = texts_by_field(practice)
        now = {name: texts[name][code] for name in TEXT_FIELDS}
        form = TextsForm(request.POST or None, initial={**now, "version": practice.version}, language=code)
        if request.method == "POST" and form.is_valid() and self._write(request, practice, code, form):
            done = _("Saved: %(name)s.") % {"name": language_name(code)}
            self.message_user(request, done, messages.SUCCESS)
            return redirect(self.page_url(practice))
        original = practice.original_language
        context = {
            "form": form,
            "name": self.name_of(practice),
            "page_url": self.page_url(practice),
            "language": LANGUAGES[code],
            "original": LANGUAGES[original],
            "beside": original != code,
            "rows": [
                {"field": form[name], "words": LIMITS[name].words, "source": texts[name][original]}
                for name in TEXT_FIELDS
            ],
            "title": _("Texts in %(language)s") % {"language": language_name(code)},
        }
        return self.framed(request, "admin/practice_texts.html", context)

    def _write(self, request: HttpRequest, practice: Practice, code: str, form: TextsForm) -> bool:
        """Whether it was saved; where the domain refuses, the form says why and the next press saves knowingly."""
        texts = {name: form.cleaned_data[name] for name in form.changed_data if name in TEXT_FIELDS}
        try:
            with transaction.atomic():
                set_texts(practice, code, texts, by=request.user, expected_version=form.cleaned_data["version"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            data = form.data.copy()
            data["version"] = str(Practice.objects.values_list("version", flat=True).get(pk=practice.pk))
            form.data = data
            return False
        return True
