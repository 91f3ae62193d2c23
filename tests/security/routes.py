"""Every address of the service as the URL resolver has it, and how to fill it in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
# What the two patterns of the admin that are regular expressions are asked with.
_EXPRESSIONS = {
    "admin/^(?P<app_label>diary|alerts)/$": "admin/diary/",
    "admin/(?P<url>.*)$": "admin/nothing/of/that/name",
}
_CHOICE = "?app_label=diary&model_name=entry&field_name=patient&term="


def routes() -> list[str]:
    """Every route, as it is written where it is declared."""
    return list(_flat(get_resolver().url_patterns, ""))


def _flat(found: list[Any], before: str) -> Iterator[str]:
    for each in found:
        where = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield where
        else:
            yield from _flat(each.url_patterns, where)


def has_id(route: str) -> bool:
    """Whether a route names one thing."""
    return "<" in route and route not in _EXPRESSIONS


def address(route: str, ids: Mapping[str, Any]) -> str:
    """The address of a route for the things that `ids` name by what stands before the id."""
    path = _EXPRESSIONS.get(route, route)
    if has_id(route):
        path = _ARGUMENT.sub(str(ids[thing(route)]), route)
    return f"/{path}{_CHOICE}" if route == "admin/autocomplete/" else f"/{path}"


def thing(route: str) -> str:
    """What a route names one of: `entries` of the API, `entry` of the admin."""
    return route.partition("<")[0].rstrip("/").rpartition("/")[2]
