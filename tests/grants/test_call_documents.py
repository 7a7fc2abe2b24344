"""A fund's call on paper: the same words in the PDF, in plain HTML and on the page, in every direction of writing."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from grants.documents.call import call_data, call_pdf
from grants.enums import FundStatus
from grants.models import Fund
from grants.queries.funds import fund_page
from network.typesetting import page_count
from tests.grants import builders
from tests.grants.browsing import at

TRICKS = '#import "x" $a$ *b* <c> \\ \u202eevil &amp; <script>alert(1)</script>'


@pytest.fixture
def fund(open_round):
    return Fund.objects.get()


def data_in(language: str, fund: Fund):
    with translation.override(language):
        return call_data(fund_page(AnonymousUser(), fund.slug, timezone.now()), "https://koine.example")


@pytest.mark.parametrize("language", ["en", "ar", "el", "it", "sv", "fa"])
def test_every_language_is_set_as_a_pdf_that_is_kept(client, fund, language):
    answer = client.get(at("fund_pdf", fund.slug, language=language))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    body = answer.content
    assert body.startswith(b"%PDF-")
    assert page_count(body) >= 1
    again = client.get(at("fund_pdf", fund.slug, language=language), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_all_questions_and_criteria_stand_in_it(fund):
    data = data_in("ar", fund)
    assert (data["dir"], data["title"]["lang"]) == ("rtl", "ar")
    questions = [block for section in data["sections"] for block in section["blocks"] if block["is"] == "question"]
    form = [field for section in builders.SECTIONS for field in section["fields"]]
    assert [one["label"]["text"] for one in questions] == [field["label"]["ar"] for field in form]
    tables = [block for section in data["sections"] for block in section["blocks"] if block["is"] == "table"]
    assert any("الحاجة" in str(table["rows"]) for table in tables)


def test_the_plain_file_is_a_download_without_style_or_script(client, fund):
    Fund.objects.update(title_en=TRICKS)
    answer = client.get(at("fund_text", fund.slug))
    body = answer.content.decode()
    assert answer["Content-Disposition"].startswith('attachment; filename="shared-fund-en.html"')
    assert "Title of the project" in body
    assert "<script" not in body
    assert "style" not in body
    assert "&lt;script&gt;" in body


def test_what_looks_like_the_typesetters_language_is_text(fund):
    Fund.objects.update(title_en=TRICKS, purpose_en="#panic()\n" * 50)
    made, _name = call_pdf(fund, data_in("en", Fund.objects.get()))
    assert made.startswith(b"%PDF-")


def test_where_nothing_comes_out_the_page_says_so(client, fund, settings, tmp_path, caplog):
    settings.BASE_DIR = tmp_path
    answer = client.get(at("fund_pdf", fund.slug))
    assert answer.status_code == 503
    assert "no PDF at the moment" in answer.content.decode()


def test_a_draft_has_none(client, fund):
    Fund.objects.update(status=FundStatus.DRAFT)
    assert client.get(at("fund_pdf", fund.slug)).status_code == 404
    assert client.get(at("fund_text", fund.slug)).status_code == 404


def test_a_fund_without_a_round_has_its_own_words_on_paper(client, db):
    made = builders.fund("bare")
    assert client.get(at("fund_pdf", made.slug)).status_code == 200
