"""The QR code of an address, as an image that is made when it is displayed or sent, and never stored."""

import base64
import io

import segno

DOTS = 8  # pixels per module: sharp on any screen, and when printed
MASK = 3  # any mask is valid; comparing all eight takes a quarter of the time of a mail (docs/performance.md)


def png(address: str) -> bytes:
    """Return the code as a PNG, with the quiet zone that scanners require."""
    made = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=MASK).save(made, kind="png", scale=DOTS)
    return made.getvalue()


def inline(picture: bytes) -> str:
    """Return an image as a data URL, for pages to which nothing can be attached."""
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"
