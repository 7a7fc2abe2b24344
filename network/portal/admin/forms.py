"""Forms of the admin: saving that notices other people's changes, acts with their reason, confirmation of many."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from network.frame.inputs import DayInput
from network.portal.admin.fields import today
from network.portal.admin.history import Child, latest, mark_of, story_since

MARK = "opened_mark"


class KoineAdminForm(forms.ModelForm):
    """A form that knows which state of the record it was opened on, and that shows a domain's refusal as its error.

    `request` and `children` (what else belongs to the record) are set by `KoineModelAdmin.get_form` on a class made for
    that request.
    """

    request: HttpRequest
    children: ClassVar[tuple[Child, ...]] = ()
    opened_mark = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if self.instance.pk:
            self.fields[MARK].initial = self.initial[MARK] = str(mark_of(self.instance, self.children))
        else:
            del self.fields[MARK]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_where_changed(cleaned.pop(MARK, ""))
        refusal = getattr(self.request, "refusal", None)
        if refusal is not None:
            self.add_error(None, forms.ValidationError(str(refusal), code="refused"))
        return cleaned

    def _post_clean(self) -> None:
        """Nothing is put into a record here: the domain does it, and says in sentences what it refuses."""

    def _refuse_where_changed(self, opened: str) -> None:
        """Add the error "changed by X at T since you opened it" with what changed; the next press saves knowingly."""
        if opened == str(mark_of(self.instance, self.children)):
            return
        last = latest(self.instance, self.children)
        lines = story_since(self.instance, self.children, int(opened) if opened.isdecimal() else 0)
        changes = format_html_join("", "<li>{}: <bdi>{}</bdi> → <bdi>{}</bdi></li>", lines)
        self.add_error(
            None,
            forms.ValidationError(
                format_html(
                    "{}<ul>{}</ul>{}",
                    _("%(who)s changed this at %(when)s, after you opened it.") % last,
                    changes,
                    _("What you typed is kept below. Compare, then save again to put it in place of theirs."),
                ),
                code="changed",
            ),
        )
        data = self.data.copy()
        data[self.add_prefix(MARK)] = str(mark_of(self.instance, self.children))
        self.data = data

    def changes(self) -> dict[str, Any]:
        """What the person changed: model fields by name with their cleaned values."""
        return {
            name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data and name != MARK
        }


class ReasonForm(forms.Form):
    """An act that needs its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays in the history."),
    )


class DecisionForm(ReasonForm):
    """A decision about a membership: why, from when, and when it was asked for."""

    effective_on = forms.DateField(label=gettext_lazy("Takes effect on"), widget=DayInput, initial=today)
    requested_on = forms.DateField(
        label=gettext_lazy("Requested on"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("The date of the letter or vote, where there is one."),
    )
    field_order = ("effective_on", "requested_on", "reason")


class ConfirmManyForm(forms.Form):
    """Typed confirmation: the number of rows that will change, written out by whoever changes so many."""

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.fields["typed"] = forms.IntegerField(
            label=_("Write %(number)s to confirm") % {"number": number},
            help_text=_("So many rows will change at once."),
            widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "dir": "ltr"}),
        )

    def clean_typed(self) -> int:
        if self.cleaned_data["typed"] != self.number:
            raise forms.ValidationError(_("Write %(number)s.") % {"number": self.number}, code="other_number")
        return self.number
