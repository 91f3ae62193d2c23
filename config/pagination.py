"""Lists: newest first, in pages that neither skip nor double a row when others are added."""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.db.models import Model, Q
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param


class NewestFirst(CursorPagination):
    """`{"next", "previous", "results"}`; `limit` <= 500; `?order=asc` turns the list round.

    A view names its `ordering`, newest first, the last name unique. A cursor is the place of one
    row: all the names' values of it, signed. What cannot be read is a 400.
    """

    page_size = 100
    max_page_size = 500
    page_size_query_param = "limit"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page that the request names."""
        size = self.get_page_size(request)
        self.address = request.build_absolute_uri()
        self.names = [name.removeprefix("-") for name in view.ordering]
        self.salt = f"{queryset.model._meta.label}:{','.join(self.names)}"
        backwards, place = self._read(request)
        downwards = _is_newest_first(request) is not backwards
        rows = queryset.order_by(*(f"-{n}" if downwards else n for n in self.names))
        if place:
            rows = rows.filter(_beyond(self.names, place, downwards=downwards))
        found = list(rows[: size + 1])
        self.rows = found[:size][:: -1 if backwards else 1]
        ahead, behind = len(found) > size, bool(place)
        self.has_next, self.has_previous = (behind, ahead) if backwards else (ahead, behind)
        return self.rows

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("limit")
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= self.max_page_size):
            raise ValidationError("limit is a whole number from 1 to 500.", code="invalid_limit")
        return int(text)

    def get_next_link(self) -> str | None:
        return self._link(self.rows[-1], backwards=False) if self.has_next and self.rows else None

    def get_previous_link(self) -> str | None:
        return self._link(self.rows[0], backwards=True) if self.has_previous and self.rows else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page, for the API document."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "properties": {"next": address, "previous": address, "results": schema},
            "required": ["next", "previous", "results"],
        }

    def _link(self, row: Model, *, backwards: bool) -> str:
        fields = {field.name: field for field in row._meta.concrete_fields}
        place = [fields[name].value_to_string(row) for name in self.names]
        cursor = signing.dumps([backwards, place], salt=self.salt)
        return replace_query_param(self.address, self.cursor_query_param, cursor)

    def _read(self, request: Request) -> tuple[bool, list[str]]:
        text = request.query_params.get(self.cursor_query_param)
        if text is None:
            return False, []
        try:
            backwards, place = signing.loads(text, salt=self.salt)
        except signing.BadSignature as error:
            raise ValidationError("This cursor cannot be read.", code="invalid_cursor") from error
        return backwards, place


def _is_newest_first(request: Request) -> bool:
    match request.query_params.get("order", "desc"):
        case "desc":
            return True
        case "asc":
            return False
    raise ValidationError("order is asc or desc.", code="invalid_order")


def _beyond(names: Sequence[str], place: Sequence[str], *, downwards: bool) -> Q:
    """The condition that a row comes after a place: by the first name, in ties by the next."""
    (name, *names), (value, *place) = names, place
    after = Q(**{f"{name}__{'lt' if downwards else 'gt'}": value})
    if not names:
        return after
    return after | Q(**{name: value}) & _beyond(names, place, downwards=downwards)
