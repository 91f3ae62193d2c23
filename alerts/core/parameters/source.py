"""Where a threshold comes from: its unit, its mark and the source rows behind it."""

from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    SEED = "seed"
    EVIDENCE = "evidence"
    ASSUMPTION = "assumption"


SEED, EVIDENCE, ASSUMPTION = Mark


class Source(NamedTuple):
    """The unit of a threshold, where its figure comes from, and the source rows behind it."""

    unit: str
    mark: Mark
    rows: tuple[int, ...] = ()
