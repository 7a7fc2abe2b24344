"""The demonstration on paper: each practice is one page in each language it can be read in."""

from __future__ import annotations

import io

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from practices.documents.fact_sheet import fact_sheet, sheet_data
from practices.models import Practice
from practices.queries.detail import detail


@pytest.mark.slow
def test_every_practice_of_the_demonstration_is_one_page_in_every_language_it_has(demo):
    made = 0
    for practice in Practice.objects.visible_to(None):
        for code in practice.languages:
            with override(code):
                found = detail(Practice.objects.visible_to(None), practice.slug, code)
                assert found is not None
                pdf = PdfReader(io.BytesIO(fact_sheet(sheet_data(found, "https://koine.example"))))
            assert len(pdf.pages) == 1, (practice.slug, code)
            assert pdf.trailer["/Root"]["/Lang"].startswith(code)
            assert pdf.metadata.title
            made += 1
    assert made > 40
