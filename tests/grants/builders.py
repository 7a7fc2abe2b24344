"""Funds, people and applications for tests, made through the domain functions."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cities.models import City
from grants.domain import rounds as round_verbs
from grants.domain.drafts import save_section, start_application
from grants.domain.eligibility import check_eligibility
from grants.domain.files import attach_file
from grants.domain.funds import NewFund, add_contribution, create_fund
from grants.models import AnswerSection, Application, Fund, Round
from network.people.models import Organisation, OrganisationMember, User

LONDON = "Europe/London"
SECTIONS = [
    {
        "key": "project",
        "title": {"en": "Project", "ar": "المشروع"},
        "help": {},
        "fields": [
            {"key": "title", "kind": "short_text", "label": {"en": "Title of the project", "ar": "عنوان المشروع"}, "required": True, "max_words": 15},
            {"key": "summary", "kind": "long_text", "label": {"en": "The project in brief", "ar": "المشروع بإيجاز"}, "required": True, "max_words": 10},
            {"key": "aim", "kind": "choice", "label": {"en": "Which aim?", "ar": "أي هدف؟"}, "required": True, "options": [{"value": "a", "label": {"en": "Aim A"}}, {"value": "b", "label": {"en": "Aim B"}}]},
            {"key": "start_date", "kind": "date", "label": {"en": "First day", "ar": "اليوم الأول"}, "required": False},
        ],
    },
    {
        "key": "budget",
        "title": {"en": "Budget", "ar": "الميزانية"},
        "help": {},
        "fields": [
            {"key": "amount_requested", "kind": "money", "label": {"en": "Amount you ask for", "ar": "المبلغ المطلوب"}, "required": True, "min": "1", "max": "50000"},
            {"key": "people", "kind": "number", "label": {"en": "How many people?", "ar": "كم شخصًا؟"}, "required": False, "min": 1},
        ],
    },
    {"key": "papers", "title": {"en": "Files", "ar": "ملفات"}, "fields": [{"key": "policy", "kind": "file", "label": {"en": "Safeguarding policy", "ar": "سياسة الحماية"}, "required": True}]},
    {"key": "declaration", "title": {"en": "Declaration", "ar": "الإقرار"}, "fields": [{"key": "truth", "kind": "declaration", "label": {"en": "This is true.", "ar": "هذا صحيح."}, "required": True}]},
]  # fmt: skip
ANSWERS = {
    "project": {
        "title": "Neighbours at one table",
        "summary": "We eat together.",
        "aim": "a",
        "start_date": "27 3 2027",
    },
    "budget": {"amount_requested": "12,500", "people": "٢٠٠"},
    "declaration": {"truth": "on"},
}


def person(name: str = "Amina", **fields) -> User:
    """An account with a confirmed address."""
    user = User.objects.create_user(
        f"{name.lower()}@people.example", "long enough for tests", display_name=name, **fields
    )
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def operator() -> User:
    """Somebody who may set up funds."""
    return User.objects.filter(is_superuser=True).first() or User.objects.create_superuser(
        "operator@people.example", "long enough for tests", display_name="Operator"
    )


def organisation(*members: User, slug: str = "lantern-yard", role: str = "owner") -> Organisation:
    """An organisation with these members."""
    made = Organisation.objects.create(slug=slug, kind="ngo", name_en=slug.replace("-", " ").title())
    for member in members:
        OrganisationMember.objects.create(organisation=made, user=member, role=role)
    return made


def fund(slug: str = "shared-fund", **fields) -> Fund:
    """A fund of 800,000 pounds by two funders, owned by a city."""
    by = operator()
    city = City.objects.filter(slug="london").first() or City.objects.create(
        slug="london", name_en="London", name_ar="لندن", native_name="London", country="GB", region="europe"
    )
    texts = {
        "title": {"en": "Shared Fund", "ar": "الصندوق المشترك"},
        "purpose": {"en": "Stand up to hate.", "ar": "نقف في وجه الكراهية."},
    }
    made = create_fund(NewFund(slug=slug, owner=city, currency="GBP", **{**texts, **fields}), by=by)
    for name in ("city-hall", "partner"):
        funder = Organisation.objects.filter(slug=name).first() or Organisation.objects.create(
            slug=name, kind="foundation", name_en=name.title()
        )
        add_contribution(made, funder, Decimal(400_000), conditions={"en": "Half of it"}, by=by)
    return made


def wall(moment: datetime, zone: str = LONDON) -> datetime:
    """What clocks in the zone show at a moment."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def by_day(time: datetime) -> datetime:
    """The wall time, or two hours later where clocks may be changed and no deadline may be: tests run at any hour."""
    return time + timedelta(hours=2) if 1 <= time.hour < 3 else time


def round_of(
    in_fund: Fund,
    *,
    opens: datetime | None = None,
    closes: datetime | None = None,
    form: bool = True,
    eligibility: bool = True,
    **fields,
) -> Round:
    """A round that is open for 24 days, with criteria, eligibility questions and a form."""
    by = operator()
    now = timezone.now().replace(microsecond=0)
    new = round_verbs.NewRound(
        title={"en": "First round", "ar": "الجولة الأولى"},
        opens=wall(opens or now - timedelta(days=20)),
        closes=by_day(wall(closes or now + timedelta(days=24))),
        zone=LONDON,
        award_min=Decimal(1000),
        award_max=Decimal(50_000),
        **fields,
    )
    made = round_verbs.open_round(in_fund, new, by=by)
    round_verbs.add_criterion(
        made, round_verbs.NewCriterion({"en": "Need", "ar": "الحاجة"}, {"en": "Who needs it?"}, 100), by=by
    )
    if eligibility:
        add_questions(made)
    if form:
        round_verbs.publish_form(made, SECTIONS, by=by)
    return made


def add_questions(made: Round) -> None:
    """One question of each kind."""
    by = operator()
    ask = round_verbs.NewQuestion
    for question in (
        ask("in_london", {"en": "Are you in London?", "ar": "هل أنتم في لندن؟"}, refusal={"en": "Only for London."}, accepted={"answer": True}),
        ask("form", {"en": "What are you?", "ar": "ما أنتم؟"}, kind="choice", refusal={"en": "Only for charities."}, accepted={"choices": ["charity"]},
            options=[{"value": "charity", "label": {"en": "Charity", "ar": "مؤسسة خيرية"}}, {"value": "other", "label": {"en": "Other"}}]),
        ask("amount", {"en": "How much?", "ar": "كم؟"}, kind="money", refusal={"en": "At most 50,000."}, accepted={"max": "50000"}),
    ):  # fmt: skip
        round_verbs.add_eligibility(made, question, by=by)


def yes(made: Round, by: User | None = None):
    """An eligibility check that passes."""
    return check_eligibility(made, {"in_london": True, "form": "charity", "amount": "12500"}, by=by)


def draft(user: User, made: Round, of: Organisation, at: datetime | None = None) -> Application:
    """A draft just begun."""
    return start_application(made, of, by=user, at=at or timezone.now(), eligibility=yes(made, user))


def write(application: Application, key: str, answers: dict, *, by: User, at: datetime | None = None):
    """Save a section over whatever is there."""
    revision = AnswerSection.objects.get(application=application, section=key).revision
    return save_section(application, key, answers, revision=revision, by=by, at=at or timezone.now())


def complete(application: Application, *, by: User, at: datetime | None = None) -> Application:
    """Answer everything, the file included."""
    for key, answers in ANSWERS.items():
        write(application, key, answers, by=by, at=at)
    attach_file(application, "policy", pdf(), by=by, at=at or timezone.now())
    return application


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(name: str = "policy.pdf", body: bytes = PDF) -> SimpleUploadedFile:
    """A small file."""
    return SimpleUploadedFile(name, body, content_type="application/pdf")


def packed(entries: dict[str, bytes]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return out.getvalue()


CONTENT_TYPES = b'<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'


def docx(extra: dict[str, bytes] | None = None) -> bytes:
    """A Word document, as far as anybody looks."""
    return packed({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<w:document/>", **(extra or {})})
