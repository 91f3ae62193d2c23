"""The rules by the name of a released version, or by the path of a file of thresholds."""

from pathlib import Path

from alerts.core.parameters import Parameters
from alerts.core.parameters.file import Refused, read
from alerts.core.parameters.released import RELEASED
from alerts.core.rules import VERSIONS, RuleSet, rules_with


class NoSuchVersion(ValueError):
    """There are no such rules; the message says why."""


def rules_named(name: str) -> RuleSet:
    """The rules of a released version, or those with the thresholds of a file."""
    if name in VERSIONS:
        return VERSIONS[name]
    return rules_with(_of_file(name))


def _of_file(name: str) -> Parameters:
    path = Path(name)
    if not path.exists():
        known = ", ".join(VERSIONS)
        raise NoSuchVersion(
            f"There are no rules {name}; known versions: {known}. "
            "A file of thresholds is named by its path."
        )
    try:
        thresholds = read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise NoSuchVersion(f"{name} cannot be read: {error}.") from error
    except Refused as error:
        raise NoSuchVersion(f"{name}: {error}".replace("\n", f"\n{name}: ")) from error
    if RELEASED.get(thresholds.version, thresholds) != thresholds:
        raise NoSuchVersion(
            f"{name}: version {thresholds.version} is released, with other thresholds; "
            "give these a name of their own."
        )
    return thresholds
