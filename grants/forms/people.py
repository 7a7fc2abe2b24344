"""Whom one invites to an application and as what, and what its members say to one another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from grants.enums import ApplicationRole
from grants.models.questions import Section, say
from network.people.forms.organisations import InviteForm
from network.people.models import LANGUAGE_CHOICES

ROLES = [
    (ApplicationRole.EDITOR, _("Editor: writes")),
    (ApplicationRole.VIEWER, _("Viewer: reads and comments")),
    (ApplicationRole.OWNER, _("Owner: also sends, and invites and removes people")),
]


class InvitePersonForm(InviteForm):
    """An address, what its person may do, and the language of the mail where there is no account yet."""

    language = forms.ChoiceField(
        label=_("Language of the mail"),
        help_text=_("Whoever has an account is written to in the language of the account."),
        choices=LANGUAGE_CHOICES,
        error_messages={
            "required": _("Choose the language of the mail."),
            "invalid_choice": _("Choose the language of the mail."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = ROLES  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language() or "en"


class PersonRoleForm(forms.Form):
    """A member's new role."""

    role = forms.ChoiceField(label=_("Role"), choices=ApplicationRole.choices)


class CommentForm(forms.Form):
    """A comment on a section, or on one of its questions."""

    text = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something first.")},
    )
    field = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, section: Section, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = [(one.key, say(one.label, code)) for one in section.questions]
        self.fields["field"].choices = [("", _("The whole section")), *questions]  # type: ignore[attr-defined]
        self.order_fields(["field", "text"])
