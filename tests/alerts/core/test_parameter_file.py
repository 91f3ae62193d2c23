"""A version of the thresholds as a file: complete or partial, strict, and never changed again."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.core.parameters import CURRENT, Parameters, declarations, released
from alerts.core.parameters.file import Refused, read, written
from alerts.core.parameters.limits import ASCENDING, BOUNDS, LENGTHS, beyond_limits

# What a released version says is never changed; a new version is another file and another line.
DIGESTS = {
    "1.0.0": "2956fd50064501fffce4c3780211cb22f04a550467fd8b4b3578ae62a2e87534",
}
NAME = 'version = "draft"\n'


def test_a_complete_file_reads_as_the_version_it_was_written_from() -> None:
    assert read(written(CURRENT)) == CURRENT
    assert read(written(CURRENT), others=halved(CURRENT)) == CURRENT


def halved(parameters: Parameters) -> Parameters:
    """Another version, in which nearly every threshold differs."""
    groups: dict[str, dict[str, Any]] = {}
    for each in declarations(parameters):
        groups.setdefault(each.group, {})[each.name] = type(each.value)(0)
    changed: dict[str, Any] = {
        group: replace(getattr(parameters, group), **values) for group, values in groups.items()
    }
    return replace(parameters, version="halved", **changed)


def test_a_file_names_only_what_differs_in_the_unit_of_the_threshold() -> None:
    draft = read(
        'version = "1.1.0-draft"\n'
        "[frequency]\nhealing_per_7_days = 2\n"
        "[after_massage]\nwindow_1 = 26\nstand_in_window = 1.5\n"
        "[session_length]\nfirst = 15\ngap = 30\n"
        "[trend]\nchance_pain = 1\n"
    )
    assert draft == replace(
        CURRENT,
        version="1.1.0-draft",
        frequency=replace(CURRENT.frequency, healing_per_7_days=2),
        after_massage=replace(
            CURRENT.after_massage,
            window_1=timedelta(hours=26),
            stand_in_window=timedelta(minutes=90),
        ),
        session_length=replace(
            CURRENT.session_length, first=timedelta(minutes=15), gap=timedelta(days=30)
        ),
        trend=replace(CURRENT.trend, chance_pain=1.0),
    )
    assert isinstance(draft.trend.chance_pain, float)


@given(minutes=st.integers(min_value=0, max_value=366 * 24 * 60))
def test_any_length_of_time_survives_being_written(minutes: int) -> None:
    length = timedelta(minutes=minutes)
    other = replace(CURRENT, version="x", baseline=replace(CURRENT.baseline, window=length))
    assert read(written(other)) == other


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("version =", "The file is not TOML", id="no-toml"),
        pytest.param("", "version: a name", id="no-version"),
        pytest.param("version = 1.1", "version: a name", id="a-version-that-is-no-text"),
        pytest.param('version = ""', "version: a name", id="an-empty-version"),
        pytest.param('version = "a b"', "version: a name", id="a-version-with-a-space"),
        pytest.param(NAME + "[flares]", "flares: there is no such group", id="no-such-group"),
        pytest.param(NAME + "flare = 2", "flare: a table of thresholds", id="no-table"),
        pytest.param(NAME + "[flare]\nrize = 2", "flare.rize: there is no", id="no-such-threshold"),
        pytest.param(NAME + "[trend]\nrise = 2.0", "trend.rise: a whole number", id="a-fraction"),
        pytest.param(NAME + "[trend]\nrise = true", "trend.rise: a whole", id="a-truth-value"),
        pytest.param(NAME + '[trend]\nrise = "2"', "trend.rise: a whole number", id="a-text"),
        pytest.param(NAME + "[trend]\nchance_pain = nan", "trend.chance_pain: a number", id="nan"),
        pytest.param(NAME + "[trend]\nrefractory = inf", "of days is needed", id="infinite"),
        pytest.param(
            NAME + "[baseline]\nwindow = 24h", "The file is not TOML", id="a-number-with-a-unit"
        ),
        pytest.param(NAME + "[baseline]\nwindow = -1", "from 0 to 366 days", id="negative"),
        pytest.param(NAME + "[baseline]\nwindow = 1e300", "from 0 to 366 days", id="endless"),
        pytest.param(NAME + "[baseline]\nwindow = -1e300", "from 0 to 366", id="endless-ago"),
        pytest.param(NAME + "[trend]\nrise = -1", "trend.rise: -1 has no sense", id="below-zero"),
        pytest.param(NAME + "[trend]\nrise = 11", "from 0 to 10 (points)", id="above-the-scale"),
        pytest.param(NAME + "[trend]\nchance_pain = 1.01", "from 0 to 1", id="no-probability"),
        pytest.param(NAME + "[trend]\nweekday = 7", "trend.weekday: 7 has no sense", id="no-day"),
        pytest.param(NAME + "[trend]\nhour = 24", "trend.hour: 24 has no sense", id="no-hour"),
        pytest.param(NAME + "[relief]\ndrop_to = 101", "from 0 to 100", id="over-all"),
        pytest.param(
            NAME + "[silent_diary]\nthen_every = 0", "from 1 to 366", id="every-0-days-has-no-end"
        ),
        pytest.param(
            NAME + "[after_massage]\nwindow_1 = 48.1",
            "after_massage.window_2: it may not be less than after_massage.window_1",
            id="windows-out-of-order",
        ),
    ],
)
def test_what_has_no_sense_is_refused_by_name(text: str, problem: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert problem in str(refused.value)


def test_every_problem_of_a_file_is_named() -> None:
    with pytest.raises(Refused) as refused:
        read("[trend]\nweekday = 7\nhour = 24\n[flares]\n")
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "version",
        "flares",
        "trend.weekday",
        "trend.hour",
    ]


@pytest.mark.parametrize("edge", [0, 1], ids=["least", "greatest"])
@pytest.mark.parametrize("unit", BOUNDS)
def test_the_bounds_of_a_unit_are_possible_and_a_step_beyond_is_not(unit: str, edge: int) -> None:
    bound = BOUNDS[unit][edge]
    assert beyond_limits(unit, bound) is None
    assert beyond_limits(unit, bound + (1 if edge else -1)) is not None


def test_each_weekday_and_each_hour_is_possible() -> None:
    days, hours = (
        [each for each in range(-1, 30) if beyond_limits(unit, each) is None]
        for unit in ("weekday, 0 is Monday", "hour of the local day")
    )
    assert (days, hours) == ([*range(7)], [*range(24)])


def test_every_threshold_has_bounds_and_every_bound_a_threshold() -> None:
    every = list(declarations(CURRENT))
    counted = {each.source.unit for each in every if not isinstance(each.value, timedelta)}
    lengths = {each.source.unit for each in every if isinstance(each.value, timedelta)}
    assert counted == set(BOUNDS)
    assert lengths == set(LENGTHS)
    assert {(group, name) for group, names in ASCENDING.items() for name in names} <= {
        (each.group, each.name) for each in every
    }


class TestReleased:
    def test_what_a_released_version_says_is_never_changed(self) -> None:
        files = released.DIRECTORY.glob("*.toml")
        assert {path.stem: sha256(path.read_bytes()).hexdigest() for path in files} == DIGESTS

    def test_the_current_version_is_what_its_file_says(self) -> None:
        """If not: thresholds have changed and need a version of their own, and its file."""
        file = released.DIRECTORY / f"{CURRENT.version}.toml"
        nothing = halved(CURRENT)
        assert read(file.read_text(encoding="utf-8"), others=nothing) == CURRENT

    def test_an_older_version_still_runs_when_the_defaults_have_moved_on(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        later = replace(
            CURRENT, version="9.0.0", frequency=replace(CURRENT.frequency, healing_per_7_days=1)
        )
        monkeypatch.setattr(released, "CURRENT", later)
        assert released._released() == {"1.0.0": released.RELEASED["1.0.0"], "9.0.0": later}

    def test_the_directory_holds_nothing_else(self) -> None:
        assert {path.suffix for path in Path(released.DIRECTORY).iterdir()} == {".toml"}
