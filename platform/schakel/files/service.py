"""Store an uploaded file, or refuse it."""

import hashlib
import io

import puremagic

from schakel import citizen_numbers, dates, db, errors
from schakel.files import office, rules
from schakel.files.models import File


def fingerprint(upload: tuple[str, bytes] | None) -> str:
    """Return a hash of the content; '' for no file."""
    return hashlib.sha256(upload[1]).hexdigest() if upload else ""


def store(name: str, content: bytes) -> File:
    """Store a file. Raises Refused (field `file`) when its type or name is not allowed."""
    if citizen_numbers.holds_citizen_number(name.replace("_", " ")):
        raise errors.Refused(citizen_numbers.SENTENCE, field="file")
    if not content:
        raise errors.Refused("Dit bestand is leeg.", field="file")
    if len(content) > rules.MAX_BYTES:
        raise errors.Refused("Een bestand mag hoogstens 5 MB zijn.", field="file")
    try:
        guesses = [guess.extension for guess in puremagic.magic_stream(io.BytesIO(content))]
    except (puremagic.PureError, ValueError):
        guesses = []
    extension = rules.kind_of(guesses, name)
    if extension is None:
        raise errors.Refused(office.NONE_OF_OURS, field="file")
    if extension in office.FOLDERS and (fault := office.fault_of(content, extension)):
        raise errors.Refused(fault, field="file")
    made = File(
        name=rules.safe_name(name, extension),
        media_type=rules.KINDS[extension],
        size=len(content),
        sha256=fingerprint((name, content)),
        added_at=dates.now(),
        content=content,
    )
    db.session().add(made)
    db.session().flush()
    return made
