"""What people type about a collection: its texts, who reads and edits it, its practices and their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy as _

from network.languages import DEFAULT, LANGUAGES
from network.people.enums import MemberRole
from practices.domain.collection_order import Arrangement, Step, Typed
from practices.domain.collections import CollectionTexts
from practices.enums import Visibility
from practices.models import Collection

LANGUAGE_CHOICES = [(code, language.native_name) for code, language in LANGUAGES.items()]
STEPS = frozenset({"up", "down", "first", "remove", "chapter_up", "chapter_down", "chapter_remove", "chapter_add"})
NEW = "new"


class CollectionForm(forms.Form):
    """Title, language, introduction and the note on the cover."""

    title = forms.CharField(
        label=_("Title"), max_length=200, error_messages={"required": _("Enter a title, at most 200 characters.")}
    )
    language = forms.ChoiceField(
        label=_("Language of title and introduction"),
        help_text=_("Practices are shown in each reader’s language, whatever you write in."),
        choices=LANGUAGE_CHOICES,
    )
    introduction = forms.CharField(
        label=_("Introduction"),
        help_text=_("Why these practices, and for whom. It is also the foreword of a publication."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    cover_note = forms.CharField(
        label=_("Note on the cover"),
        help_text=_("Stands under the title of a publication: an occasion, an author, a series."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, collection: Collection | None = None, **kwargs: Any) -> None:
        names = ("title", "language", "introduction", "cover_note")
        known = {name: getattr(collection, name) for name in names} if collection else {}
        kwargs.setdefault("initial", known or {"language": get_language() or DEFAULT})
        super().__init__(*args, **kwargs)

    def texts(self) -> CollectionTexts:
        """The answers as the domain takes them."""
        return CollectionTexts(**self.cleaned_data)


class VisibilityForm(forms.Form):
    """Who reads the collection."""

    visibility = forms.ChoiceField(
        label=_("Who reads it"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who reads the collection.")},
    )


class CollectionInviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The person signs in with this address, or makes an account with it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the address of the person you invite."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
    )
    role = forms.ChoiceField(
        label=_("What the person may do"),
        choices=[
            (MemberRole.EDITOR, _("Editor: changes texts, practices and their order")),
            (MemberRole.VIEWER, _("Viewer: reads it, also while it is private")),
            (MemberRole.OWNER, _("Owner: also decides who reads and edits it")),
        ],
        initial=MemberRole.EDITOR,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the person may do.")},
    )


class HideForm(forms.Form):
    """Why an operator takes a collection off the public pages."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The members of the collection read it."),
        max_length=300,
        error_messages={"required": _("Enter the reason, at most 300 characters. The members read it.")},
    )


class ChooseCollectionForm(forms.Form):
    """Where practices are to go: one of one's collections, or a new one with this title."""

    collection = forms.ChoiceField(
        label=_("Which collection?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a collection.")},
    )
    title = forms.CharField(label=_("Title of the new collection"), max_length=200, required=False)

    def __init__(self, *args: Any, collections: list[Collection], **kwargs: Any) -> None:
        first = collections[0].opaque_id if collections else NEW
        kwargs.setdefault("initial", {"collection": first})
        super().__init__(*args, **kwargs)
        named = [(one.opaque_id, one.title) for one in collections]
        self.fields["collection"].choices = [*named, (NEW, _("A new collection"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("collection") == NEW and not cleaned.get("title"):
            self.add_error("title", _("Enter a title, at most 200 characters."))
        return cleaned


@dataclass(frozen=True)
class SentArrangement:
    """The form of the order as it was sent."""

    typed: Arrangement
    step: Step | None
    new_title: str


def sent_arrangement(data: QueryDict) -> SentArrangement:
    """What the form holds: `comment-7` beside `was-comment-7` and so on; `step` is the button, `down:7`. What is no such
    name is passed over."""
    verb, _colon, thing = data.get("step", "").partition(":")
    new_title = data.get("new_title", "")
    step = Step(verb, _number(thing), new_title) if verb in STEPS else None
    typed = Arrangement(
        comments=_typed(data, "comment"), chapters=_typed(data, "chapter"), titles=_typed(data, "title")
    )
    return SentArrangement(typed, step, new_title)


def _typed(data: QueryDict, name: str) -> dict[int, Typed]:
    fields = re.compile(rf"{name}-([0-9]{{1,18}})")
    found = ((fields.fullmatch(key), key) for key in data)
    return {int(match[1]): Typed(data.get(f"was-{key}", ""), data.get(key, "")) for match, key in found if match}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
