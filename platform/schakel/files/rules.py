"""What may be uploaded, by the first bytes."""

import re

MAX_BYTES = 5 * 1024 * 1024
# Only types that are safe to open after downloading; SVG and HTML are not among them.
KINDS = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_SAME = {".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg"}


def kind_of(extensions_by_content: list[str], name: str) -> str | None:
    """Return the extension to store a file with; None when its type is not allowed or contradicts its name."""
    by_name = "." + name.rpartition(".")[2].lower()
    by_name = _SAME.get(by_name, by_name)
    found = {_SAME.get(extension.lower(), extension.lower()) for extension in extensions_by_content}
    return by_name if by_name in KINDS and by_name in found else None


def safe_name(name: str, extension: str) -> str:
    """Return a file name without path or control characters, with the extension of its content."""
    stem = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    stem = re.sub(r"[^\w .()-]", "", stem).strip(" .")[:100]
    return (stem or "bestand") + extension
