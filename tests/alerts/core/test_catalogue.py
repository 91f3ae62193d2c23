"""The words of the catalogue: figures read as in a sentence, and mistakes are noticed."""

from datetime import timedelta

import pytest

from alerts.core.catalogue import read
from alerts.core.catalogue.shape import Row
from alerts.core.catalogue.thresholds import in_words, worded
from alerts.core.parameters import CURRENT, EVIDENCE, Declaration, Source


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        pytest.param(2, "points", "2", id="a-number-stands-alone"),
        pytest.param(0.05, "probability", "0.05", id="also-a-fraction"),
        pytest.param(timedelta(hours=24), "hours", "24 hours", id="a-span-has-its-unit"),
        pytest.param(timedelta(days=1), "days", "1 day", id="one-of-them-too"),
        pytest.param(timedelta(minutes=90), "hours", "1.5 hours", id="or-a-part-of-it"),
        pytest.param(0, "weekday, 0 is Monday", "Monday", id="a-day-of-the-week"),
        pytest.param(9, "hour of the local day", "9:00", id="a-time-of-day"),
    ],
)
def test_a_figure_reads_as_in_a_sentence(
    value: int | float | timedelta, unit: str, expected: str
) -> None:
    assert in_words(Declaration("group", "name", value, Source(unit, EVIDENCE))) == expected


def test_a_blank_that_is_no_threshold_is_an_error() -> None:
    assert worded("at {after_massage.window_1}", CURRENT) == "at 24 hours"
    with pytest.raises(KeyError):
        worded("at {after_massage.window_9}", CURRENT)


def test_a_field_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(TypeError):
        Row(number=1, where=("S3:1",), statement="", advice="", rule="R01")  # type: ignore[call-arg]


def test_it_is_read_once() -> None:
    assert read() is read()
