"""Apps in three languages get a client from the API document; one of them lives a session."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from diary.vocabulary import RedFlagAnswer
from tests.config.document import Document, made
from tests.contract import generated
from tests.phones import PASSWORD, enrolled

# npm asks the registry, Java starts: more than a test usually may.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the document in it."""
    folder = tmp_path_factory.mktemp("clients")
    generated.write_document(folder)
    return folder


@pytest.mark.usefixtures("transactional_db")
def test_a_typescript_app_lives_a_session(folder: Path, live_server: Any) -> None:
    generated.typescript(folder)
    patient = enrolled(consented=False)
    who = (live_server.url, patient.user.email, PASSWORD)
    said = json.loads(generated.run(folder, generated.NODE, "session.js", *who))
    assert said == {
        "put": 201,
        "level": 4,
        "alert": "R01",
        "acknowledged": "acknowledged",
        "pain": 6,
        "synced": ["created"],
        "heard": [6],
        "refused": "invalid",
        "pointer": ["/pain"],
    }


# --- Kotlin and Swift ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def native(folder: Path) -> Path:
    """A folder with both clients."""
    generated.kotlin_and_swift(folder)
    return folder


def sources(folder: Path, ending: str) -> Iterator[tuple[str, str]]:
    """Name and text of every generated source."""
    for path in folder.rglob(f"*.{ending}"):
        yield path.stem, path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "ending", "method"),
    [("kotlin", "kt", r"fun {}\("), ("swift6", "swift", r"func {}\(")],
)
def test_a_method_of_the_client_is_called_as_its_operation(
    native: Path, language: str, ending: str, method: str
) -> None:
    text = "\n".join(text for _, text in sources(native / language, ending))
    for operation in Document(made()).operations().values():
        assert re.search(method.format(operation["operationId"]), text), operation["operationId"]


MODELS = {
    "kotlin": "kotlin/src/main/kotlin/org/example/diary/models/*.kt",
    "swift6": "swift6/Sources/Diary/Models/*.swift",
}


@pytest.mark.parametrize("language", MODELS)
def test_the_models_of_the_client_are_those_of_the_document(native: Path, language: str) -> None:
    models = {path.stem for path in native.glob(MODELS[language])}
    # A value of evidence is a number, a text or a yes: that union stands inside its model.
    assert models == made()["components"]["schemas"].keys() | {"EvidenceItemValue"}


def test_a_union_holds_one_of_its_members(native: Path) -> None:
    swift = (native / "swift6/Sources/Diary/Models/SyncItem.swift").read_text(encoding="utf-8")
    for member in ("PutEntry", "PutMassage", "Withdraw"):
        assert f"case type{member}({member})" in swift
    kotlin = native / "kotlin/src/main/kotlin/org/example/diary/models/SyncItem.kt"
    assert "oneOf schemas: PutEntry, PutMassage, Withdraw" in kotlin.read_text(encoding="utf-8")


def test_the_values_of_an_enumeration_keep_their_names(native: Path) -> None:
    path = native / "kotlin/src/main/kotlin/org/example/diary/models/RedFlagAnswer.kt"
    text = path.read_text(encoding="utf-8")
    for value in (*get_args(RedFlagAnswer), "unknown_default_open_api"):
        assert f'{value}("{value}")' in text


# --- The lock file ------------------------------------------------------------------------------


def test_the_lock_file_has_a_hash_for_every_package_and_names_no_registry() -> None:
    lock = json.loads((generated.HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
