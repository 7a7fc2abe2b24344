"""When people are reminded of deadlines: the rules, in words, and the form that writes one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from network.deadlines import DEADLINES
from network.doors import Verdict
from network.frame.names import number_text
from network.mail.domain.reminder_rules import RuleData, add_rule, change_rule, problems, remove_rule, switch_rule
from network.mail.models import OutgoingMail, ReminderRule
from network.mail.rules.staff import can_remove_rule, can_set_reminders
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.forms import KoineAdminForm
from network.portal.admin.history import SPOKEN
from network.portal.admin.levers import Lever
from network.portal.admin.lists import KoineFilter, Question
from network.portal.admin.mail_upcoming import UpcomingPages
from network.portal.admin.mail_words import deadline_words, kind_words
from network.portal.admin.practices import chip
from network.portal.admin.rule_words import audience_words, rule_moment, rule_words
from network.portal.admin.standing import AUDITOR, OPERATOR

MOMENT = ("days_before", "at_local", "hours_before")
TOLD = ("deadline_told", "people_told", "text_told", "moment_told", "shown_state", "used_told")


class HourInput(forms.TimeInput):
    """The browser's own control for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "short"}, format="%H:%M")


def deadline_choices() -> list[tuple[str, str]]:
    """Every kind of deadline by its name, after an empty line where there are several."""
    named = sorted(((name, deadline_words(name)) for name in DEADLINES), key=lambda pair: pair[1])
    return named if len(named) == 1 else [("", ""), *named]


def audience_choices(only: str = "") -> list[Any]:
    """Who may be reminded, grouped by deadline; of one deadline only, where that is known. Values are deadline:audience."""
    groups = [
        (deadline_words(name), [(f"{name}:{code}", str(one.title)) for code, one in kind.audiences.items()])
        for name, kind in DEADLINES.items()
        if only in {"", name}
    ]
    return _flat(groups)


def message_choices(only: str = "") -> list[Any]:
    """The texts to choose from, grouped by deadline. Values are deadline:message."""
    groups = [
        (deadline_words(name), [(f"{name}:{one.kind}", str(one.title)) for one in kind.messages])
        for name, kind in DEADLINES.items()
        if only in {"", name}
    ]
    return _flat(groups)


def _flat(groups: list[tuple[str, list[tuple[str, str]]]]) -> list[Any]:
    """One group needs no heading, and one choice no empty line before it."""
    if len(groups) == 1:
        return groups[0][1] if len(groups[0][1]) == 1 else [("", ""), *groups[0][1]]
    return [("", ""), *sorted(groups)]


class RuleForm(KoineAdminForm):
    """A rule: of which deadline, whom, with which text, and when."""

    deadline = forms.ChoiceField(label=gettext_lazy("Deadline"), choices=deadline_choices)
    audience = forms.ChoiceField(label=gettext_lazy("People"), choices=audience_choices)
    message = forms.ChoiceField(label=gettext_lazy("Text"), choices=message_choices)
    days_before = forms.IntegerField(
        label=gettext_lazy("Days before"),
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
        help_text=gettext_lazy(
            "0 to 365, with a time. 0 is the day itself: then the time must come before the deadline."
        ),
    )
    at_local = forms.TimeField(
        label=gettext_lazy("At"),
        required=False,
        widget=HourInput,
        help_text=gettext_lazy(
            "On the clock of the deadline’s place. Not between 01:00 and 03:00, when clocks change."
        ),
    )
    hours_before = forms.IntegerField(
        label=gettext_lazy("Or hours before"),
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
        help_text=gettext_lazy("1 to 720, instead of days and a time."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = self.instance.deadline if self.instance.pk else ""
        if self.kept:
            # A rule keeps its deadline.
            self.fields.pop("deadline", None)
        for name, choices in (("audience", audience_choices), ("message", message_choices)):
            field = self.fields.get(name)
            if field is None:
                continue
            field.choices = choices(self.kept)
            if self.kept:
                self.initial[name] = f"{self.kept}:{getattr(self.instance, name)}"
            else:
                field.widget.attrs["data-choices-of"] = "deadline"

    def clean(self) -> dict[str, Any]:
        """What does not fit together is said at its field; `rule` is the whole as the domain takes it."""
        cleaned = super().clean()
        deadline = self.kept or cleaned.get("deadline", "")
        data = RuleData(
            deadline=deadline,
            audience=cleaned.get("audience", "").removeprefix(f"{deadline}:"),
            message=cleaned.get("message", "").removeprefix(f"{deadline}:"),
            **{name: cleaned.get(name) for name in MOMENT},
        )
        for name, sentence in problems(data).items():
            if not self.has_error(name) and name in self.fields and (deadline or name in MOMENT):
                self.add_error(name, sentence)
        cleaned["rule"] = data
        return cleaned


class DeadlineFilter(KoineFilter):
    """A filter by kind of deadline."""

    title = gettext_lazy("Deadline")
    parameter_name = "deadline"

    def lookups(self, request, model_admin):
        return sorted(((name, deadline_words(name)) for name in DEADLINES), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(deadline=self.value()) if self.value() else queryset


def _may_set(user: Any, rule: ReminderRule) -> Verdict:
    return can_set_reminders(user, rule)


AHEAD = gettext_lazy(
    "Where a deadline is nearer than the rule says, people are reminded with the next run, unless a later reminder has"
    " gone out."
)


@admin.register(ReminderRule)
class ReminderRuleAdmin(UpcomingPages, KoineModelAdmin):
    """Rules of reminders, in words."""

    form = RuleForm
    reach = {OPERATOR: Reach(add=True, change=True), AUDITOR: Reach()}
    menu_group, menu_position = gettext_lazy("Mail"), 107
    empty_words = gettext_lazy("Nobody is reminded of anything.")
    list_display = ("in_words", "deadline_told", "text_told", "shown_state")
    list_filter = (DeadlineFilter,)
    # The earliest first, as they come.
    list_ordering = (
        "deadline",
        F("days_before").desc(nulls_last=True),
        F("at_local").asc(),
        F("hours_before").desc(nulls_last=True),
        "id",
    )
    questions = (
        Question("on", gettext_lazy("On"), lambda rows: rows.filter(active=True)),
        Question("off", gettext_lazy("Off"), lambda rows: rows.filter(active=False)),
    )
    facts = (
        (None, ("deadline_told", "shown_state", "used_told")),
        (gettext_lazy("Whom, and with which text"), ("audience", "message")),
        (gettext_lazy("When"), MOMENT),
    )
    facts_new = ((None, ("deadline", "audience", "message")), (gettext_lazy("When"), MOMENT))
    facts_read = ((None, TOLD),)
    readonly_fields = TOLD
    levers = (
        Lever(
            "switch-on",
            gettext_lazy("Switch on"),
            lambda rule, user, data: switch_rule(rule, on=True, reason=data["reason"], by=user),
            _may_set,
            idle=lambda rule: rule.active,
            consequence=AHEAD,
            icon="check",
            many=True,
        ),
        Lever(
            "switch-off",
            gettext_lazy("Switch off"),
            lambda rule, user, data: switch_rule(rule, on=False, reason=data["reason"], by=user),
            _may_set,
            idle=lambda rule: not rule.active,
            consequence=gettext_lazy("From the next run on it reminds nobody."),
            icon="cross",
            many=True,
        ),
        Lever(
            "remove",
            gettext_lazy("Remove"),
            lambda rule, user, data: remove_rule(rule, reason=data["reason"], by=user),
            can_remove_rule,
            consequence=gettext_lazy("It never reminded anybody. It is gone then; its history stays."),
            icon="cross",
            grave=True,
        ),
    )

    def facts_for(self, request: HttpRequest, obj: Any) -> Any:
        if obj is None:
            return self.facts_new
        return self.facts if self.has_change_permission(request, obj) else self.facts_read

    def menu_name(self) -> str:
        return _("Reminders")

    def name_of(self, obj: Any) -> str:
        return rule_words(obj)

    def landing(self, obj: Any) -> str:
        """A rule that was removed has no page any more."""
        return self.page_url(obj) if ReminderRule.objects.filter(pk=obj.pk).exists() else self.list_url()

    def enrol(self, request: HttpRequest, form: RuleForm) -> ReminderRule:
        return add_rule(form.cleaned_data["rule"], by=request.user)

    def revise(self, request: HttpRequest, obj: ReminderRule, form: RuleForm) -> None:
        change_rule(obj, form.cleaned_data["rule"], version=obj.version, by=request.user)

    @admin.display(description=gettext_lazy("When, and whom"), ordering="days_before")
    def in_words(self, obj: Any) -> str:
        return rule_words(obj)

    @admin.display(description=gettext_lazy("Deadline"), ordering="deadline")
    def deadline_told(self, obj: Any) -> str:
        return deadline_words(obj.deadline)

    @admin.display(description=gettext_lazy("People"))
    def people_told(self, obj: Any) -> str:
        return audience_words(obj.deadline, obj.audience)

    @admin.display(description=gettext_lazy("Text"))
    def text_told(self, obj: Any) -> str:
        return kind_words(obj.message)

    @admin.display(description=gettext_lazy("When"))
    def moment_told(self, obj: Any) -> str:
        return rule_moment(obj)

    @admin.display(description=gettext_lazy("State"), ordering="active")
    def shown_state(self, obj: Any) -> str:
        return chip(_("on"), "good") if obj.active else chip(_("off"), "")

    @admin.display(description=gettext_lazy("Reminders planned by it"))
    def used_told(self, obj: Any) -> str:
        return number_text(OutgoingMail.objects.filter(rule=obj).count())


SPOKEN[ReminderRule, "deadline"] = lambda value, whole: deadline_words(value)
SPOKEN[ReminderRule, "audience"] = lambda value, whole: audience_words(whole.get("deadline", ""), value)
SPOKEN[ReminderRule, "message"] = lambda value, whole: kind_words(value)
SPOKEN[ReminderRule, "at_local"] = lambda value, whole: str(value)[:5]
