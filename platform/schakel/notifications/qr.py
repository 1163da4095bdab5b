"""The QR code of an address, as a picture that is made when it is shown or sent and kept nowhere."""

import base64
import io

import segno

DOTS = 8  # pixels per dot: sharp on any screen, and when printed


def png(address: str) -> bytes:
    """The code, with the quiet zone that scanners need."""
    made = io.BytesIO()
    segno.make(address, error="m", micro=False).save(made, kind="png", scale=DOTS)
    return made.getvalue()


def inline(picture: bytes) -> str:
    """A picture as an address that holds it, for where nothing can be attached."""
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"
