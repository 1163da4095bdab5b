"""System packages that the tests need are installed where that is allowed, otherwise listed exactly."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.demo_server import ROOT, TOOLS

NEEDED = ("chromium", "fonts-urw-base35", "strace")


@pytest.fixture
def bare(tmp_path) -> Path:
    """A machine with a shell and few other programs."""
    for name in ("bash", "grep", "chmod"):
        (tmp_path / name).symlink_to(shutil.which(name))
    return tmp_path


def put(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{shutil.which('bash')}\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def ask(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(TOOLS), *words], env={"PATH": str(folder)}, capture_output=True, text=True, check=False, cwd=folder
    )


HAVE = {"chromium": ("chromium", ":"), "fonts-urw-base35": ("fc-list", "echo Nimbus Sans"), "strace": ("strace", ":")}


@pytest.mark.parametrize("missing", [*((name,) for name in NEEDED), NEEDED, ()], ids=str)
def test_without_the_right_to_install_the_missing_packages_are_listed(bare, missing):
    put(bare, "id", "echo 1000")
    put(bare, "apt-get", "echo apt was asked >&2; exit 1")
    for name in set(NEEDED) - set(missing):
        put(bare, *HAVE[name])
    done = ask(bare)
    assert done.returncode == (1 if missing else 0) and "apt was asked" not in done.stderr
    if missing:
        assert (
            f"The tests need: {' '.join(missing)}. On Debian: sudo apt-get install {' '.join(missing)}" in done.stderr
        )


def test_root_installs_the_missing_packages_and_no_others(bare):
    put(bare, "id", "echo 0")
    put(bare, *HAVE["fonts-urw-base35"])
    line = f"#!{shutil.which('bash')}"
    made = f"for name in chromium strace; do echo '{line}' > {bare}/$name; chmod +x {bare}/$name; done"
    put(bare, "apt-get", f'echo "$@" >> {bare}/asked; [ "$1" = update ] || {{ {made}; }}')
    done = ask(bare)
    assert done.returncode == 0, done.stderr
    assert (bare / "asked").read_text().splitlines() == ["update -qq", "install -y -qq chromium strace"]


def test_root_also_gets_the_list_when_installing_did_not_help(bare):
    put(bare, "id", "echo 0")
    put(bare, "apt-get", "exit 100")
    done = ask(bare)
    assert done.returncode == 1 and f"The tests need: {' '.join(NEEDED)}." in done.stderr


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_the_browser_is_found_under_any_of_its_names(bare, name):
    put(bare, name, ":")
    assert ask(bare, "chromium").stdout.strip() == str(bare / name)


@pytest.mark.parametrize("families", [1, 20_000])
def test_installed_fonts_are_found_however_many_families_are_listed(bare, families):
    """A closed pipe would fail here: the name is listed first and far more output follows than a pipe holds."""
    put(bare, "fc-list", f"echo Nimbus Sans; for ((i = 0; i < {families}; i++)); do echo Some Other Family Name; done")
    for name in ("chromium", "strace"):
        put(bare, *HAVE[name])
    done = ask(bare)
    assert done.returncode == 0, done.stderr


def test_no_script_ends_a_pipe_early_under_pipefail():
    scripts = [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts and _is_shell(path)]
    assert TOOLS in scripts
    early = re.compile(r"\|\s*(grep\s+-\w*[qm]|head\b|sed\s.*q\b)")
    code = {
        path: "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))
        for path in scripts
    }
    assert not [str(path) for path, text in code.items() if "pipefail" in text and early.search(text)]


def _is_shell(path: Path) -> bool:
    with open(path, "rb") as file:
        return path.name == "Makefile" or file.readline(80).startswith(
            (b"#!/usr/bin/env bash", b"#!/bin/sh", b"#!/bin/bash")
        )


def test_without_a_browser_there_is_a_message(bare):
    done = ask(bare, "chromium")
    assert done.returncode == 1 and "No Chromium" in done.stderr and not done.stdout
    assert os.access(TOOLS, os.X_OK)
