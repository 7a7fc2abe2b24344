"""Nothing asks the database for a base column: it holds whatever language was active at the last save."""

from __future__ import annotations

import ast
from pathlib import Path

from django.conf import settings
from modeltranslation.translator import translator

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("network", "cities", "practices", "grants")
# Methods of querysets, and expressions, whose text arguments name columns; for keyword arguments, the lookups.
NAMING = {
    "values",
    "values_list",
    "order_by",
    "only",
    "defer",
    "distinct",
    "F",
    "OuterRef",
    "Upper",
    "Lower",
    "Coalesce",
}
FILTERING = {"filter", "exclude", "get", "Q", "update", "update_or_create", "get_or_create"}
# A role is plain in organisations and translated in contacts of cities; the first is what queries ask for.
PLAIN_ELSEWHERE = {"role"}
# Plain columns of that name: an application's title is what its applicant wrote, a question about an adoption what one
# city asks the other, a collection's titles are in its own language, and a token, a saved search and a practice
# elsewhere are called what somebody called them.
PLAIN = {
    "network/people/models/tokens.py name",
    "practices/imports/books.py name__in",
    "practices/models/outside.py name",
    "practices/models/saved.py name",
    "practices/queries/collections.py title",
    "practices/queries/own.py name",
    "practices/queries/publications.py title",
    "practices/queries/told.py name",
    "network/portal/admin/applications.py title",
    "network/portal/admin/applications.py title__icontains",
    # A key of a version's section, as it was typed.
    "network/portal/admin/practice_versions.py data__title",
    "network/portal/admin/practice_versions.py data__title__icontains",
    "practices/models/adoptions.py question",
    "practices/models/adoptions.py question__gt",
}


def translated_fields() -> set[str]:
    names = {
        name for model in translator.get_registered_models() for name in translator.get_options_for_model(model).fields
    }
    return names - PLAIN_ELSEWHERE


def columns_named(call: ast.Call) -> list[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in NAMING:
        return [
            arg.value.lstrip("-") for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
    if name in FILTERING:
        return [keyword.arg for keyword in call.keywords if keyword.arg]
    return []


def test_no_query_reads_or_writes_a_base_column():
    fields, slips, calls = translated_fields(), [], 0
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    for column in columns_named(node):
                        calls += 1
                        if fields & set(column.split("__")) and f"{path.relative_to(ROOT)} {column}" not in PLAIN:
                            slips.append(f"{path.relative_to(ROOT)}:{node.lineno} {column}")
    assert len(fields) > 10
    assert calls > 200
    assert slips == []
