"""Reading an upload: of a file that is too large only the beginning is stored, so that its form can say so."""

import io
from typing import IO, Any

from flask import Request

from schakel.files.rules import MAX_BYTES

MAX_BODY = 64 * 1024 * 1024  # read of a form with a file; of each file at most one byte more than MAX_BYTES is stored


class _Beginning(io.BytesIO):
    """A file of which the first bytes are stored; their number says that it was longer."""

    def write(self, data: Any) -> int:
        super().write(data[: max(0, MAX_BYTES + 1 - self.tell())])
        return len(data)


class UploadRequest(Request):
    """The request of this application: its files are read into memory, up to their limit."""

    def _get_file_stream(self, *_facts: Any, **_more: Any) -> IO[bytes]:
        return _Beginning()
