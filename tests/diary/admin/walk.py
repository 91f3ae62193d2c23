"""Every address of the site, found in its patterns and not in a list of ours."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db.models import Model, UUIDField
from django.urls import URLPattern, URLResolver, reverse

_ONE_ROW = ("object_id", "alert_id", "event_id")


def patterns() -> Iterator[tuple[str, Any]]:
    """The named patterns of the site."""
    yield from _flat(admin.site.get_urls())


def _flat(found: list[Any]) -> Iterator[tuple[str, Any]]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from _flat(each.url_patterns)
        elif isinstance(each, URLPattern) and each.name:
            yield each.name, each.pattern


def models() -> list[type[Model]]:
    return list(admin.site._registry)


def row_routes(model: type[Model]) -> list[tuple[str, str]]:
    """Name and argument of every address that names a row of the model."""
    prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
    return [
        (name, argument)
        for name, pattern in patterns()
        for argument in _ONE_ROW
        if name.startswith(prefix) and argument in pattern.converters
    ]


def row_address(route: tuple[str, str], pk: Any) -> str:
    name, argument = route
    return reverse(f"admin:{name}", kwargs={argument: pk})


def missing_pk(model: type[Model]) -> Any:
    """A key that no row has."""
    key = model._meta.pk
    while key.remote_field:
        key = key.remote_field.model._meta.pk
    return uuid4() if isinstance(key, UUIDField) else 2_000_000_000


def list_addresses(words: list[str]) -> Iterator[str]:
    """Every list: as it is, searched for each word, and filtered in each way."""
    for model in models():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield address
        yield f"{address}?all="
        for word in words:
            yield f"{address}?q={word}"
            yield f"{address}?state=all&q={word}"
            yield f"{address}?patient={word}"
            yield f"{address}?patient={word}&state=all"
            yield f"{address}?patient__id__exact={word}"


def autocomplete_addresses(words: list[str]) -> Iterator[str]:
    """The autocomplete of every foreign key that there is."""
    for model in models():
        for field in model._meta.fields:
            if field.remote_field:
                for word in ("", *words):
                    yield (
                        f"{reverse('admin:autocomplete')}?term={word}"
                        f"&app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                        f"&field_name={field.name}"
                    )


def plain_addresses() -> list[str]:
    """What needs no argument."""
    skipped = {"logout", "login"}
    return [
        reverse(f"admin:{name}")
        for name, pattern in patterns()
        if not pattern.converters and not pattern.regex.groups and name not in skipped
    ]
