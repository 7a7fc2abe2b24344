"""What deciders and reviewers type: whom to ask, by when, the decision, an answer, the review itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from network.languages import LANGUAGES
from practices.enums.reviews import Criterion, Recommendation
from practices.rules.reviewing import NOTE, QUESTIONS, REASON, SCALE, SCORES, Lack, reason_of
from practices.rules.reviews import DAYS

LANGUAGE_CHOICES = [(code, language.native_name) for code, language in LANGUAGES.items()]
DAY = forms.DateInput(attrs={"type": "date", "class": "medium"}, format="%Y-%m-%d")
DAY_ERRORS = {"required": _("Choose the day."), "invalid": _("Enter a day such as 2026-11-30.")}


class AskForm(forms.Form):
    """By when a review is due; whom to ask is the button that sends it."""

    due_on = forms.DateField(
        label=_("Due"),
        help_text=_("The same day for everybody you ask from this page."),
        widget=DAY,
        error_messages=DAY_ERRORS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"due_on": timezone.localdate() + datetime.timedelta(days=DAYS)})
        super().__init__(*args, **kwargs)


class DueForm(forms.Form):
    """Another day for a review."""

    due_on = forms.DateField(label=_("Due"), widget=DAY, error_messages=DAY_ERRORS)


class OffForm(forms.Form):
    """Why a reviewer is taken off."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The reviewer reads it."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the reviewer reads it.")},
    )


class AnswerForm(forms.Form):
    """Why somebody does not review: they decline, or have a stake."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The network’s officers read it."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the network’s officers read it.")},
    )


class DecisionForm(forms.Form):
    """What both decisions share: whose notes are passed on to the city."""

    notes = forms.TypedMultipleChoiceField(
        label=_("Pass on to the city"),
        help_text=_("The notes of these reviewers, without their names unless they agreed to be named."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, notes: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        """`notes`: the reviews that have a note, by id and by whom."""
        offered = list(notes)
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"notes": [pk for pk, _who in offered], **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        if offered:
            self.fields["notes"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["notes"]


class PublishForm(DecisionForm):
    """Publish the version; with fewer than two reviews it asks for the reason."""

    unreviewed_because = forms.CharField(
        label=_("Why is it published without two reviews?"),
        help_text=_("It is kept with the version. Without a review a practice does not become “good”."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why it is published without two reviews.")},
    )
    minor = forms.BooleanField(
        label=_("A small change: nothing of the meaning is new"),
        help_text=_("Its history says so."),
        required=False,
    )
    decision = forms.CharField(
        label=_("Message to the city"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, reviewed: bool, first: bool, **kwargs: Any) -> None:
        """`reviewed`: it has its two reviews; `first`: nothing of it was public before."""
        super().__init__(*args, **kwargs)
        if reviewed:
            del self.fields["unreviewed_because"]
        if first:
            del self.fields["minor"]
        self.order_fields(["unreviewed_because", "minor", "decision", "notes"])


class RevisionForm(DecisionForm):
    """Send the version back."""

    reason = forms.CharField(
        label=_("What must change?"),
        help_text=_("The city reads it."),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say what must change: the city reads it.")},
    )
    second_look = forms.BooleanField(
        label=_("The reviewers look again at what the city submits then"),
        help_text=_("Without it their reviews stand: for small changes."),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        """`asked`: somebody was asked to review it."""
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["second_look"]
        self.order_fields(["reason", "notes", "second_look"])


class ReviewForm(forms.Form):
    """The review as it is written: nothing is required to save it; what is missing for handing in is put at its field."""

    recommendation = forms.CharField(
        label=_("What do you advise?"),
        required=False,
        widget=forms.RadioSelect(choices=Recommendation.choices),
    )
    note = forms.CharField(
        label=_("Note to the city"),
        help_text=_("What they did well, what would help others to follow. Passed on by the network’s officers."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    language = forms.CharField(
        label=_("You write in"), required=False, widget=forms.Select(choices=[("", ""), *LANGUAGE_CHOICES])
    )
    named = forms.BooleanField(
        label=pgettext_lazy("review", "My name may stand beside my review"),
        help_text=_("Without it readers see your city only."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[criterion] = forms.CharField(
                label=criterion.label,
                help_text=QUESTIONS[criterion],
                required=False,
                widget=forms.RadioSelect(choices=list(zip(SCORES, SCALE, strict=True))),
            )
            self.fields[reason_of(criterion)] = forms.CharField(
                label=_("Why?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
            )
        # As on the page, so that the list of errors leads down it.
        self.order_fields([name for criterion in Criterion for name in (criterion, reason_of(criterion))])

    @classmethod
    def about(cls, data: Mapping[str, Any], lacks: Iterable[Lack] = ()) -> ReviewForm:
        """The form with what is stored, and with what is missing where it was to be handed in."""
        said = {name: value for name, value in data.items() if value}
        found = list(lacks)
        form = cls(said) if found else cls(initial=said)
        for lack in found:
            form.add_error(lack.field, lack.text)
        return form

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """Each criterion's two fields: the points and the reason."""
        return [
            {"name": criterion.label, "score": self[criterion], "reason": self[reason_of(criterion)]}
            for criterion in Criterion
        ]

    @property
    def limits(self) -> dict[str, int]:
        """The most words of a reason and of the note."""
        return {"reason": REASON.words, "note": NOTE.words}
