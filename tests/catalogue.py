"""The English catalogue, and the result of `make translations` in another folder."""

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from tests.source_tree import ROOT, SOURCE

PO = Path("en/LC_MESSAGES/messages.po")
STORED = SOURCE / "translations" / PO


def read(path: Path) -> Catalog:
    """Return the catalogue in a file."""
    with open(path, "rb") as file:
        return read_po(file)


def copy_of(folder: Path) -> Path:
    """Copy the catalogue to a folder for `extract_into`; return the path of its file."""
    path = folder / PO
    path.parent.mkdir(parents=True)
    shutil.copy(STORED, path)
    return path


def extract_into(folder: Path, sources: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run `make translations` on the catalogues of a folder; the environment is installed already."""
    make = ["make", "-s", "-o", ".venv/.run-stamp", "translations", f"CATALOGUES={folder}", f"SOURCES={sources}"]
    return subprocess.run(make, cwd=ROOT, capture_output=True, text=True)


def messages(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue, without the header."""
    return [message for message in catalogue if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return the forms of a sentence: one, or one per plural; an empty one when there is none."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


@cache
def msgids() -> frozenset[str]:
    """Return every Dutch form whose English text differs from it."""
    pairs = (zip(forms(one.id), forms(one.string), strict=False) for one in messages(read(STORED)))
    return frozenset(dutch for pair in pairs for dutch, english in pair if dutch != english)


@cache
def english() -> Translations:
    """Return the stored catalogue, compiled."""
    file = io.BytesIO()
    write_mo(file, read(STORED))
    file.seek(0)
    return Translations(file)
