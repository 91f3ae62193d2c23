"""Lists: a cursor that survives new rows, newest first."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """`{"next", "previous", "results"}`; `limit` <= 500; `?order=asc` turns the list round.

    A view names its `ordering`, newest first, with ties by id. What cannot be read is a 400.
    """

    page_size = 100
    max_page_size = 500
    page_size_query_param = "limit"

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("limit")
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= self.max_page_size):
            raise ValidationError("limit is a whole number from 1 to 500.", code="invalid_limit")
        return int(text)

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        ordering: tuple[str, ...] = tuple(view.ordering)
        match request.query_params.get("order", "desc"):
            case "desc":
                return ordering
            case "asc":
                return tuple(name.removeprefix("-") for name in ordering)
        raise ValidationError("order is asc or desc.", code="invalid_order")

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise ValidationError("This cursor cannot be read.", code="invalid_cursor") from error
