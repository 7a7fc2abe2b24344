"""Pages of an API list: `page` from 1, `page_size` from 1 to 100."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

HIGHEST = 10**9


class Pages(PageNumberPagination):
    """Numbered pages. A page beyond the last answers 404; what is no number, or out of range, answers 400."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return whole_number(request, self.page_query_param, HIGHEST) or 1

    def get_page_size(self, request: Request) -> int:
        return whole_number(request, str(self.page_size_query_param), self.max_page_size) or self.page_size

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limits = {
            self.page_query_param: {"minimum": 1, "maximum": HIGHEST},
            self.page_size_query_param: {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size},
        }
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            parameter["schema"].update(limits[parameter["name"]])
        return parameters


def whole_number(request: Request, name: str, highest: int) -> int | None:
    """A parameter as a number from 1 to `highest`; None where it is not given. Digits only: no sign, no other script."""
    given = request.query_params.get(name)
    if given is None:
        return None
    if given.isascii() and given.isdigit() and len(given) <= len(str(highest)) and 1 <= int(given) <= highest:
        return int(given)
    raise ValidationError({name: [f"A whole number from 1 to {highest}."]})
