"""Every released version of the thresholds; in the directory of this name each has its whole file.

The defaults of the classes are those of the current version. When they move on, the file of the
version before says what it was, and that version can still be run. A file is never changed: other
values are another version.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from alerts.core.parameters import CURRENT, Parameters
from alerts.core.parameters.file import read

DIRECTORY: Final = Path(__file__).with_suffix("")


def _released() -> Mapping[str, Parameters]:
    older = sorted(path for path in DIRECTORY.glob("*.toml") if path.stem != CURRENT.version)
    versions = [*(read(path.read_text(encoding="utf-8")) for path in older), CURRENT]
    return {version.version: version for version in versions}


RELEASED: Final = _released()
