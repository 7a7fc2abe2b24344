"""What a fund's staff type about it: its texts in one language, its terms, its money, its copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from cities.models import City
from grants.domain.funds import LONGEST, MOST_FUNDERS, Part
from grants.enums import InterestKind, PublishModel
from grants.models import Contribution, Fund
from grants.models.questions import Texts
from grants.queries.staff import funder_named
from grants.registry import theme_tree, themes_chosen
from network.frame.names import language_name
from network.languages import LANGUAGES, native_name
from network.membership.models import Network
from network.numbers import read_number
from network.people.forms.writers import WriterForm
from network.text import clean_line
from network.translation.models import text_in

LTR_SHORT = {"dir": "ltr", "class": "short"}
CURRENCY_HINT = _("Three letters, as EUR or GBP.")


class MoneyField(forms.CharField):
    """An amount as people write it, in any digits and separators; cleaned to a Decimal with two places, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal", **LTR_SHORT}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value:.2f}".removesuffix(".00")
        return value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        amount = read_number(text)
        if amount is None or amount < 0 or amount >= 10**12:
            raise forms.ValidationError(_("Write an amount in figures, for example 12,500."))
        if amount != amount.quantize(Decimal("0.01")):
            raise forms.ValidationError(_("An amount has at most two places after the point."))
        return amount


class OwnerField(forms.ChoiceField):
    """A city or network for which the person may set up a fund; cleaned to the City or Network."""

    def __init__(self, owners: Sequence[tuple[City | Network, str]], **kwargs: Any) -> None:
        self.owners = {str(owner.uuid): owner for owner, _name in owners}
        super().__init__(
            label=_("Whose fund is it?"),
            choices=[("", "")] * (len(owners) > 1) + [(str(owner.uuid), name) for owner, name in owners],
            error_messages={
                "required": _("Choose whose fund it is."),
                "invalid_choice": _("Choose one of the cities and networks of the list."),
            },
            **kwargs,
        )

    def clean(self, value: Any) -> City | Network:
        return self.owners[super().clean(value)]


class CurrencyField(forms.CharField):
    """Three letters (ISO 4217)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Currency"),
            max_length=3,
            help_text=CURRENCY_HINT,
            widget=forms.TextInput(attrs={**LTR_SHORT, "autocapitalize": "characters"}),
            error_messages={"required": _("A currency is three capital letters, as GBP.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).upper()


class NewFundForm(forms.Form):
    """Whose fund it is, its title in the reader's language, and its currency."""

    title = forms.CharField(
        label=_("Title"), max_length=LONGEST["title"], error_messages={"required": _("A fund needs a title.")}
    )
    currency = CurrencyField(initial="EUR")

    def __init__(self, *args: Any, owners: Sequence[tuple[City | Network, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = OwnerField(owners)
        self.order_fields(["owner", "title", "currency"])


def _paragraphs(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 6})
    )


class TextsForm(forms.Form):
    """What a fund says about itself in one language."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST["title"], required=False)
    purpose = _paragraphs(_("Purpose"), _("What the money is for. It is the first thing that readers see."))
    aims = _paragraphs(
        _("Aims"), _("One a line. The first line here is the same aim as the first line in other languages.")
    )
    who_can_apply = _paragraphs(_("Who can apply"))
    who_decides = _paragraphs(
        _("Who decides"), _("Who reads the applications, who decides about them, and when applicants hear of it.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def about(cls, fund: Fund, code: str) -> TextsForm:
        """The form with what stands there in that language."""
        texts = {name: text_in(fund, name, code) for name in LONGEST}
        aims = [aim.get(code, "") for aim in fund.objectives]
        while aims and not aims[-1]:
            aims.pop()
        return cls(initial={**texts, "aims": "\n".join(aims), "version": fund.version})

    def texts(self, code: str) -> dict[str, Texts]:
        """As the domain takes them."""
        return {name: {code: self.cleaned_data[name]} for name in LONGEST}

    def aim_lines(self, code: str) -> dict[str, list[str]]:
        """The lines of the aims. An empty line keeps the place of an aim that has no words in this language."""
        return {code: self.cleaned_data["aims"].rstrip().splitlines()}


class FundTermsForm(forms.Form):
    """Themes, currency, and how awards become open data."""

    themes = forms.MultipleChoiceField(
        label=_("Priority themes"),
        help_text=_("At most eight, from the classification of the library."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which people can apply"),
        help_text=_("A round is shown once all that it asks is written in each of them."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language of the portal.")},
    )
    currency = CurrencyField()
    publish_model = forms.ChoiceField(
        label=_("Open data"),
        help_text=_("How grants of a fund with several funders are published."),
        choices=PublishModel.choices,
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, fund: Fund, code: str, **kwargs: Any) -> None:
        kept = {name: getattr(fund, name) for name in ("themes", "languages", "currency", "publish_model", "version")}
        super().__init__(*args, initial=kept, **kwargs)
        self.fields["languages"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{native_name(one.code)} ({language_name(one.code)})") for one in LANGUAGES.values()
        ]
        tree = theme_tree(code)
        known = {one.code for one in tree}
        stale = [(code, code) for code in fund.themes if code not in known]
        self.fields["themes"].choices = [  # type: ignore[attr-defined]
            *((one.code, "\u2003" * one.depth + one.label) for one in tree),
            *stale,
        ]

    def now(self, fund: Fund) -> list[dict[str, str]]:
        """The terms as somebody else left them, where that is not what was chosen here: dicts name, text, language."""
        code, typed = get_language() or "en", self.cleaned_data
        values = {
            "languages": "\n".join(language_name(one) for one in fund.languages),
            "currency": fund.currency,
            "publish_model": str(PublishModel(fund.publish_model).label),
            "themes": "\n".join(one.label for one in themes_chosen(fund.themes, code)),
        }
        return [
            {"name": str(self.fields[name].label), "text": text or "–", "language": code}
            for name, text in values.items()
            if _unordered(typed[name]) != _unordered(getattr(fund, name))
        ]


def _unordered(value: Any) -> Any:
    return set(value) if isinstance(value, list) else value


class FunderForm(forms.Form):
    """One line of the money: a funder by name, what it pays, and on which conditions in the reader's language."""

    funder = forms.CharField(
        label=_("Funder"), max_length=200, required=False, widget=forms.TextInput(attrs={"list": "funders"})
    )
    amount = MoneyField(label=_("Amount"), required=False)
    conditions = forms.CharField(label=_("Conditions"), max_length=300, required=False)

    def clean_funder(self) -> Any:
        name = clean_line(self.cleaned_data["funder"])
        if not name:
            return None
        found = funder_named(name)
        if not found:
            raise forms.ValidationError(
                _("No organisation on the portal has this name. Choose one of the list, or register it first.")
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several organisations have this name. Write its address on the portal instead: %(slugs)s."),
                params={"slugs": ", ".join(one.slug for one in found)},
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        funder, amount = cleaned.get("funder"), cleaned.get("amount")
        if funder and amount is None and "amount" not in self.errors:
            self.add_error("amount", _("Write how much this funder pays."))
        if not funder and "funder" not in self.errors and (amount is not None or cleaned.get("conditions")):
            self.add_error("funder", _("Write who pays this."))
        return cleaned


class BudgetForm(forms.Form):
    """The pot as a whole."""

    budget = MoneyField(label=_("Budget"), error_messages={"required": _("Write how much the pot holds.")})
    version = forms.IntegerField(widget=forms.HiddenInput)


EMPTY_LINES = 3


class FunderFormSet(forms.BaseFormSet):
    """The lines; those without a funder are passed over."""

    def parts(self, code: str) -> list[Part]:
        """As the domain takes them."""
        lines = [form.cleaned_data for form in self.forms if form.cleaned_data.get("funder")]
        return [Part(line["funder"], line["amount"], {code: line["conditions"]}) for line in lines]


FunderLines = forms.formset_factory(
    FunderForm, formset=FunderFormSet, extra=EMPTY_LINES, max_num=MOST_FUNDERS, absolute_max=MOST_FUNDERS + EMPTY_LINES
)


def money_initial(parts: Sequence[Contribution], code: str) -> list[Mapping[str, Any]]:
    """The lines as they stand."""
    return [
        {"funder": str(part.funder), "amount": part.amount, "conditions": text_in(part, "conditions", code)}
        for part in parts
    ]


class FundActForm(forms.Form):
    """Why a fund or round is closed, opened again or taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept in the history."),
        max_length=300,
        error_messages={"required": _("Give a reason: it is kept in the history.")},
    )


class InterestForm(WriterForm):
    """Somebody who would like to hear of a fund."""

    field_order = ("kind", "organisation", "name", "email", "message", "website")

    kind = forms.ChoiceField(
        label=_("You write for"),
        choices=InterestKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for whom you write.")},
    )
    organisation = forms.CharField(
        label=_("Name of the city or organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Write for which city or organisation.")},
    )
    message = forms.CharField(
        label=_("What interests you?"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "We send a link there. Without it nobody sees what you wrote, and it is deleted after seven days."
        )

    def clean_organisation(self) -> str:
        name = clean_line(self.cleaned_data["organisation"])
        if not name:
            raise forms.ValidationError(_("Write for which city or organisation."))
        return name
