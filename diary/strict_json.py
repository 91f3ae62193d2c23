"""JSON as the contract allows it: what cannot be stored, or can be read two ways, is refused."""

import json
import math

MAX_DEPTH = 32


class NotStrictJson(ValueError):
    """The text is no JSON, or JSON that this service refuses; the message says why."""


def loads(raw: bytes) -> object:
    """Parse UTF-8 JSON; duplicate keys, NaN, NUL, lone surrogates and depth > 32 are refused."""
    try:
        value: object = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError as error:
        raise NotStrictJson("The body is not UTF-8.") from error
    except RecursionError as error:
        raise NotStrictJson(f"Nested deeper than {MAX_DEPTH} levels.") from error
    except NotStrictJson:
        raise
    except ValueError as error:  # a syntax error, or an integer of thousands of digits
        raise NotStrictJson("The body is not JSON.") from error
    _check(value, depth=0)
    return value


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise NotStrictJson("An object names the same key twice.")
    return members


def _refuse_constant(name: str) -> object:
    raise NotStrictJson(f"{name} is not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotStrictJson("A number is too large.")
    return number


def _check(value: object, *, depth: int) -> None:
    match value:
        case str():
            _check_text(value)
        case dict() | list():
            if depth == MAX_DEPTH:
                raise NotStrictJson(f"Nested deeper than {MAX_DEPTH} levels.")
            members = [*value, *value.values()] if isinstance(value, dict) else value
            for member in members:
                _check(member, depth=depth + 1)
        case _:
            return


def _check_text(text: str) -> None:
    if "\0" in text:
        raise NotStrictJson("A text contains the NUL character.")
    if (
        any("\ud800" <= character <= "\udfff" for character in text)
        if not text.isascii()
        else False
    ):
        raise NotStrictJson("A text contains half of a character pair.")
