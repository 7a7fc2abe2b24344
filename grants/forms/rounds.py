"""What a fund's staff type about its rounds: when, by which terms, in which sizes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, gettext_lazy as _

from cities.models import City
from grants.domain.copying import Copy
from grants.domain.rounds import MAX_GRACE_SECONDS, NewRound
from grants.domain.terms import MOST_TIERS, NewTier, walls_of
from grants.forms.funds import LTR_SHORT, CurrencyField, MoneyField, OwnerField
from grants.forms.languages import InLanguages
from grants.models import Round
from grants.queries.form_words import texts_in_words
from grants.rules.rounds import RESULT, fixed_of
from network.frame.inputs import WallField
from network.frame.moments import city_of, known_zones, moment_text
from network.frame.names import money_text, number_text, reader
from network.membership.models import Network
from network.text import ascii_digits, clean_line
from network.translation.models import texts_of


class WholeField(forms.CharField):
    """A whole number in any digits, from `low` to `high`; `wrong` is the sentence for anything else."""

    def __init__(self, *, low: int, high: int, wrong: Any, **kwargs: Any) -> None:
        self.low, self.high, self.wrong = low, high, wrong
        widget = forms.TextInput(attrs={"inputmode": "numeric", **LTR_SHORT})
        super().__init__(max_length=12, widget=widget, error_messages={"required": wrong}, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = ascii_digits(super().clean(value))
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and self.low <= int(text) <= self.high):
            raise forms.ValidationError(self.wrong)
        return int(text)


def zone_choices() -> list[tuple[str, str]]:
    """Every IANA zone that is named after a place."""
    return [(name, name.replace("_", " ")) for name in sorted(known_zones()) if "/" in name]


class WallsForm(forms.Form):
    """When a round opens and closes, as clocks in its zone show it."""

    opens = WallField(
        label=_("Opens"), error_messages={"required": _("Say when it opens."), "invalid": _("Write a day and an hour.")}
    )
    closes = WallField(
        label=_("Closes"),
        help_text=_("Both as clocks in the round’s own time zone show."),
        error_messages={"required": _("Say when it closes."), "invalid": _("Write a day and an hour.")},
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)


class TermsForm(InLanguages, WallsForm):
    """A round's title in every language of the fund, its moments and its terms."""

    grace_seconds = WholeField(
        label=_("Grace, in seconds"),
        help_text=_(
            "Forgives a slow line after the closing time. At most 300. It is not announced, and recorded where it is used."
        ),
        low=0,
        high=MAX_GRACE_SECONDS,
        wrong=_("The grace is at most 300 seconds."),
        initial=0,
    )
    max_per_organisation = WholeField(
        label=_("Applications per organisation"), low=1, high=100, wrong=_("Write a number from 1 to 100."), initial=1
    )
    award_min = MoneyField(label=_("Smallest grant"), required=False)
    award_max = MoneyField(label=_("Largest grant"), required=False)
    sealed = forms.BooleanField(
        label=_("Nobody on the staff reads applications before the round closes"), required=False
    )
    blind = forms.BooleanField(label=_("Reviewers do not see who applies"), required=False)

    field_order = (
        "opens", "closes", "zone", "grace_seconds", "max_per_organisation", "award_min", "award_max", "sealed",
        "blind",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.speak("title")

    @property
    def terms(self) -> list[BoundField]:
        """The fields beside the title, in their order."""
        titles = {field.name for field in self.group("title")}
        return [field for field in self if field.name not in titles and not field.is_hidden]


class NewRoundForm(TermsForm):
    """A new round; with the questions, criteria and sizes of an earlier one where there is one."""

    like = forms.ChoiceField(
        label=_("Questions, criteria and sizes"),
        help_text=_("What is taken over can be changed afterwards; the earlier round stays as it is."),
        required=False,
    )

    def __init__(self, *args: Any, rounds: Sequence[Round], names: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = {str(one.pk): one for one in rounds}
        if rounds:
            taken = [(str(one.pk), _("As in “%(round)s”") % {"round": names[one.pk]}) for one in rounds]
            self.fields["like"].choices = [("", _("Begin without any")), *taken]  # type: ignore[attr-defined]
            self.initial.setdefault("like", taken[0][0])
            self.initial.setdefault("zone", rounds[0].timezone)
        else:
            del self.fields["like"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(clean_line(text) for text in self.spoken("title").values()):
            self.add_error(f"title_{self.codes[0]}", _("A round needs a title."))
        return cleaned

    def like_round(self) -> Round | None:
        """The round whose questions are taken over."""
        return self.rounds.get(self.cleaned_data.get("like", ""))

    def new(self) -> NewRound:
        """As the domain takes it: not shown to everyone yet."""
        data = self.cleaned_data
        names = (
            "opens",
            "closes",
            "zone",
            "grace_seconds",
            "award_min",
            "award_max",
            "max_per_organisation",
            "sealed",
            "blind",
        )
        return NewRound(title=self.spoken("title"), published=False, **{name: data[name] for name in names})


class RoundForm(TermsForm):
    """A round on record. What can't be changed now is shown with the reason and not sent."""

    awarded = MoneyField(label=_("Awarded in all"), required=False)
    projects = WholeField(
        label=_("Projects awarded"), required=False, low=0, high=100_000, wrong=_("Enter a whole number.")
    )
    source = forms.CharField(label=_("Source"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, round_: Round, at: datetime, **kwargs: Any) -> None:
        plain = (
            "grace_seconds",
            "max_per_organisation",
            "award_min",
            "award_max",
            "sealed",
            "blind",
            "awarded",
            "projects",
            "source",
            "version",
        )
        kept = {name: getattr(round_, name) for name in plain}
        super().__init__(*args, initial={**kept, **walls_of(round_)}, **kwargs)
        self.set_texts("title", texts_of(round_, "title"))
        self.fixed = {name: reason for name, reason in fixed_of(round_, at).items() if name in self.fields}
        for name in self.fixed:
            self.fields[name].disabled = True
            self.fields[name].required = False
        if "award_min" not in self.fixed and round_.tiers.exists():
            for name in ("award_min", "award_max"):
                self.fixed[name] = _("The sizes of grants say the smallest and the largest.")
                self.fields[name].disabled = True
        self.round = round_

    @property
    def free(self) -> list[BoundField]:
        """The fields that can be changed now, without the title."""
        return [field for field in self.terms if field.name not in self.fixed]

    @property
    def fixed_rows(self) -> list[dict[str, Any]]:
        """What stays as it is, in words, with the reason. The result is told once there is one."""
        values = self._values()
        return [
            {"label": self.fields[name].label, "value": values[name], "reason": reason}
            for name, reason in self.fixed.items()
            if name in values and name not in RESULT
        ]

    def now(self, round_: Round) -> list[dict[str, str]]:
        """The round as somebody else left it, where that is not what was typed: its title by language, its terms in words."""
        self.round = round_
        there = {name: getattr(round_, name) for name in self.wanted() if hasattr(round_, name)} | walls_of(round_)
        values, code = self._values(), reader()
        return [
            *texts_in_words("title", gettext("Title"), texts_of(round_, "title"), self.data),
            *(
                {"name": str(self.fields[name].label), "text": values[name], "language": code}
                for name, value in self.wanted().items()
                if value != there[name]
            ),
        ]

    def _values(self) -> dict[str, str]:
        """What stands in the round, in words."""
        round_, currency = self.round, self.round.fund.currency
        return {
            "opens": moment_text(round_.opens_at, round_.timezone),
            "closes": moment_text(round_.closes_at, round_.timezone),
            "zone": city_of(round_.timezone, reader()),
            "grace_seconds": number_text(round_.grace_seconds),
            "max_per_organisation": number_text(round_.max_per_organisation),
            "award_min": "–" if round_.award_min is None else money_text(round_.award_min, currency),
            "award_max": "–" if round_.award_max is None else money_text(round_.award_max, currency),
            "sealed": gettext("Yes") if round_.sealed else gettext("No"),
            "blind": gettext("Yes") if round_.blind else gettext("No"),
            "awarded": "–" if round_.awarded is None else money_text(round_.awarded, currency),
            "projects": "–" if round_.projects is None else number_text(round_.projects),
            "source": round_.source or "–",
        }

    def wanted(self) -> dict[str, Any]:
        """What may be changed, as typed."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in self.fixed and name != "version" and not name.startswith("title_")
        }


class ClosingForm(forms.Form):
    """Another closing time for a round; `seen` is the one that stood there when the page was made."""

    closes = WallField(
        label=_("Closes"),
        error_messages={"required": _("Say when it closes."), "invalid": _("Write a day and an hour.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept in the history."),
        max_length=300,
        error_messages={"required": _("Give a reason: it is kept in the history.")},
    )
    seen = forms.DateTimeField(widget=forms.HiddenInput)


class TierForm(forms.Form):
    """One size of grant."""

    minimum = MoneyField(label=_("From"), required=False)
    maximum = MoneyField(label=_("To"), required=False)
    match = WholeField(
        label=_("Match funding, per cent"),
        required=False,
        low=0,
        high=100,
        wrong=_("Match funding is between 0 and 100 per cent of the grant."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("minimum"), cleaned.get("maximum")
        there = low is not None or high is not None or cleaned.get("match")
        for name, amount in (("minimum", low), ("maximum", high)):
            if there and amount is None and name not in self.errors:
                self.add_error(name, _("Write where this size begins and ends."))
        return cleaned


class TierFormSet(forms.BaseFormSet):
    """The sizes; empty lines are passed over."""

    def tiers(self) -> list[NewTier]:
        """As the domain takes them."""
        lines = [form.cleaned_data for form in self.forms if form.cleaned_data.get("minimum") is not None]
        return [NewTier(line["minimum"], line["maximum"], line["match"] or 0) for line in lines]


TierLines = forms.formset_factory(
    TierForm, formset=TierFormSet, extra=3, max_num=MOST_TIERS, absolute_max=MOST_TIERS + 3
)


class CopyForm(WallsForm):
    """Whose the copy is, what it is called, and when its round opens and closes."""

    title = forms.CharField(label=_("Title"), max_length=160, error_messages={"required": _("A fund needs a title.")})
    currency = CurrencyField()
    field_order = ("owner", "title", "currency", "opens", "closes", "zone")

    def __init__(self, *args: Any, owners: Sequence[tuple[City | Network, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = OwnerField(owners)
        self.order_fields(self.field_order)

    def copy(self, code: str) -> Copy:
        """As the domain takes it."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("owner", "currency", "opens", "closes", "zone")}
        return Copy(title={code: data["title"]}, **plain)
