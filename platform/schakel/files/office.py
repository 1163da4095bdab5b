"""Office files: checked by the list of entries in their archive, which is never unpacked."""

import io
import zipfile

from schakel.i18n import N_

MAX_UNPACKED, MAX_ENTRIES = 50 * 1024 * 1024, 1000
FOLDERS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
ENCRYPTED = 0x1
NONE_OF_OURS = N_("Alleen pdf, png, jpg, docx, xlsx en pptx, en de inhoud moet daarbij horen.")


def fault_of(content: bytes, extension: str) -> str | None:
    """Return a sentence about what is wrong with a docx, xlsx or pptx, or None."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return N_("Dit bestand is niet heel. Bewaar het opnieuw en kies het nog een keer.")
    names = [entry.filename for entry in entries]
    if "[Content_Types].xml" not in names or not any(name.startswith(FOLDERS[extension]) for name in names):
        return NONE_OF_OURS
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        return N_("Dit bestand is met een wachtwoord beveiligd. Kies een versie zonder wachtwoord.")
    if any("vbaproject" in name.lower() for name in names):
        return N_("In dit bestand zitten macro’s. Bewaar het zonder macro’s en kies het opnieuw.")
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return N_("Dit bestand is uitgepakt te groot. Maak het kleiner, of bewaar het als pdf.")
    return None
