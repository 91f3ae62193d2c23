"""The vocabulary as database constraints and choices; null always passes, it means unanswered."""

from typing import Any, get_args

from django.db import models
from django.db.models import CheckConstraint, Q


def choices(words: Any) -> list[tuple[str, str]]:
    """Choices of a vocabulary list, shown as they are written, with spaces."""
    return [(word, word.replace("_", " ")) for word in get_args(words)]


def one_of(*fields: str, words: Any, name: str) -> CheckConstraint:
    """Every one of the fields holds a word of the list."""
    return CheckConstraint(
        condition=Q(**{f"{field}__in": _listed(words) for field in fields}), name=name
    )


def some_of(*, name: str, **lists: Any) -> CheckConstraint:
    """Every one of the array fields holds only words of its list."""
    return CheckConstraint(
        condition=Q(**{f"{field}__contained_by": _listed(words) for field, words in lists.items()}),
        name=name,
    )


def _listed(words: Any) -> list[str]:
    return list(words.values if hasattr(words, "values") else get_args(words))


def scores(*fields: str, name: str) -> CheckConstraint:
    """Every one of the fields lies in 0-10."""
    return CheckConstraint(
        condition=Q(**{f"{field}__range": (0, 10) for field in fields}), name=name
    )


def score() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """A whole number 0-10, or unanswered."""
    return models.PositiveSmallIntegerField(null=True, blank=True)
