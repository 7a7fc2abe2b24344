"""Members as a sheet: download with the filters of the list, template, and upload with a preview of every row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy

from cities.models import CityContact
from network.languages import direction
from network.membership.models import Membership, Network
from network.portal.admin.standing import standing_of
from network.portal.domain.downloads import note_download
from network.portal.imports import columns, members
from network.portal.models import SheetForm
from network.sheets import csv_bytes
from network.workbooks import SheetError, read_sheet, xlsx_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_FOR = 3600
OUTCOMES = (
    (members.NEW, gettext_lazy("new"), "civic"),
    (members.CHANGED, gettext_lazy("changed"), "good"),
    (members.UNCHANGED, gettext_lazy("unchanged"), ""),
    (members.CONFLICT, gettext_lazy("conflict"), "watch"),
    (members.WRONG, gettext_lazy("wrong"), "stop"),
)


class SheetUpload(forms.Form):
    """The sheet to look at."""

    sheet = forms.FileField(
        label=gettext_lazy("Sheet"), help_text=gettext_lazy("XLSX or CSV, at most 5 MB and 5,000 rows.")
    )


class MemberSheets:
    """Download and upload of the list; mixed into the admin of memberships."""

    def own_routes(self) -> Iterable[tuple[str, Callable, str]]:
        """The pages of the sheet."""
        return (
            ("export/", self.export_view, "export"),
            ("import/", self.import_view, "import"),
            ("import/template/", self.template_view, "import_template"),
        )

    def list_tools(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Upload for those who may add; the download stands below the list as it needs a form."""
        if not self.has_add_permission(request):
            return []
        return [{"name": _("Import"), "url": reverse("admin:membership_membership_import"), "icon": "upload"}]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        export = {
            "url": f"{reverse('admin:membership_membership_export')}?{request.GET.urlencode()}",
            "forms": SheetForm.choices,
        }
        return super().changelist_view(request, {"export": export, **(extra_context or {})})

    # --- out ------------------------------------------------------------------------------------------------------------

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The list as a sheet, with its filters; who took it is kept. By POST, because it leaves a trace."""
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        form = request.POST.get("form", SheetForm.XLSX)
        if form not in SheetForm.values:
            form = SheetForm.XLSX
        changelist = self.get_changelist_instance(request)
        keys = list(changelist.queryset.values_list("pk", flat=True))
        rows = members.whole(Membership.objects.filter(pk__in=keys)).order_by("network__slug", "city__slug", "pk")
        shown = [*columns.COLUMNS, *(columns.CONTACTS if self._sees_contacts(request) else ())]
        cells = list(self._cells(rows, contacts=self._sees_contacts(request)))
        note_download(
            Membership, by=request.user, filters=filter_words(request, changelist), rows=len(cells), form=form
        )
        return sheet_answer("members", form, shown, cells)

    def _sees_contacts(self, request: HttpRequest) -> bool:
        """Addresses of people leave the portal only with those who look after the cities."""
        standing = standing_of(request)
        return standing.operator or bool(standing.networks)

    def _cells(self, rows: QuerySet, *, contacts: bool) -> Iterable[dict[str, str]]:
        first: dict[int, CityContact] = {}
        if contacts:
            for contact in CityContact.objects.filter(city__in=rows.values("city_id")).order_by("-public", "id"):
                first.setdefault(contact.city_id, contact)
        for row in rows:
            contact = first.get(row.city_id)
            told = {"contact": contact.name, "contact_email": contact.email} if contact else {}
            yield {**members.cells_of(row), **told}

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """An empty sheet with the right headings."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return sheet_answer("members-template", SheetForm.XLSX, columns.COLUMNS, [])

    # --- in -------------------------------------------------------------------------------------------------------------

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Upload, preview, apply: nothing is written before the preview was seen, and then all of it or nothing."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "rows" in request.POST:
            return self._apply(request)
        form = SheetUpload(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                rows, strange = columns.keyed(read_sheet(form.cleaned_data["sheet"].read()))
            except SheetError as error:
                form.add_error("sheet", str(error))
            else:
                return self._preview(request, rows, strange, form.cleaned_data["sheet"].name)
        return self._import_page(request, {"form": form})

    def _plan(self, request: HttpRequest, rows: list[dict[str, str]], strange: Iterable[str] = ()) -> members.Plan:
        networks = self.admin_site.get_model_admin(Network).get_queryset(request)
        mine = self.within(request, Membership.objects.all(), "change")
        return members.plan(rows, memberships=mine, networks=networks, strange=strange)

    def _preview(self, request: HttpRequest, rows: list[dict[str, str]], strange: list[str], name: str) -> HttpResponse:
        planned = self._plan(request, rows, strange)
        sealed = signing.dumps({"rows": rows, "name": name[:120]}, salt=self._salt(request), compress=True)
        return self._import_page(request, {"plan": planned, "sealed": sealed, "file": name})

    def _apply(self, request: HttpRequest) -> HttpResponse:
        try:
            kept = signing.loads(request.POST["rows"], salt=self._salt(request), max_age=KEPT_FOR)
        except signing.BadSignature:
            self.message_user(
                request, _("The preview is more than an hour old. Send the sheet again."), messages.WARNING
            )
            return self._import_page(request, {"form": SheetUpload()})
        planned = self._plan(request, kept["rows"])
        if not planned.applicable:
            return self._preview(request, kept["rows"], [], kept["name"])
        try:
            done = members.apply(planned, by=request.user, reason=_("Import of %(file)s") % {"file": kept["name"]})
        except members.ImportRefused as refusal:
            self.message_user(request, _("Nothing was changed. %(why)s") % {"why": refusal}, messages.ERROR)
            return self._preview(request, kept["rows"], [], kept["name"])
        return self._import_page(request, {"plan": planned, "done": done, "file": kept["name"]})

    def _salt(self, request: HttpRequest) -> str:
        """A preview is its maker's alone."""
        return f"koine.members.import.{request.user.pk}"

    def _import_page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        planned = context.get("plan")
        counts = [
            {"words": words, "kind": kind, "number": planned.count(outcome)} for outcome, words, kind in OUTCOMES
        ] if planned else []  # fmt: skip
        marks = {outcome: {"words": words, "kind": kind} for outcome, words, kind in OUTCOMES}
        # What asks for attention comes first, in the order of the sheet.
        told = sorted(planned.rows, key=lambda row: row.outcome == members.UNCHANGED) if planned else []
        rows = [{"row": row, "mark": marks[row.outcome]} for row in told]
        frame = {
            **self.admin_site.each_context(request),
            "title": _("Import members"),
            "opts": self.opts,
            "list_name": self.menu_name(),
            "list_url": self.list_url(),
            "template_url": reverse("admin:membership_membership_import_template"),
            "form": None,
            "plan": None,
            "sealed": "",
            "file": "",
            "done": None,
            "counts": counts,
            "rows": rows,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/import_members.html", {**frame, **context})


def filter_words(request: HttpRequest, changelist: ChangeList) -> str:
    """The filters of a list in words, for the record of downloads."""
    said = [f"{_('Search')}: {changelist.query}"] if changelist.query else []
    for spec in changelist.filter_specs:
        said += [f"{spec.title}: {option['words']}" for option in spec.options() if option["chosen"]]
    return "; ".join(said)


def sheet_answer(
    name: str, form: str, shown: Iterable[columns.Column], cells: Iterable[dict[str, str]]
) -> HttpResponse:
    """A sheet as a download, dated."""
    shown = list(shown)
    heading = [column.heading() for column in shown]
    body = [[row.get(column.key, "") for column in shown] for row in cells]
    if form == SheetForm.CSV:
        data, kind = csv_bytes(heading, body), "text/csv; charset=utf-8"
    else:
        data = xlsx_bytes(name, heading, body, right_to_left=direction(get_language() or "en") == "rtl")
        kind = XLSX
    response = HttpResponse(data, content_type=kind)
    safe = re.sub(r"[^a-z-]", "", name)
    response["Content-Disposition"] = f'attachment; filename="{safe}-{timezone.localdate().isoformat()}.{form}"'
    return response
