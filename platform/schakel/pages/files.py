"""Lists as files: CSV that spreadsheets read as UTF-8, and XLSX with the same cells."""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator

import xlsxwriter
from flask import Response, stream_with_context

from schakel import dates
from schakel.csv_cells import DATE, PART, TIME, Value, csv_rows, write_cell
from schakel.i18n import gettext

Rows = Iterable[Iterable[Value]]
WIDTH = 18  # of a column: a date with its time fits
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def table_file(ending: str, name: str, heads: Iterable[str], rows: Callable[[], Rows]) -> Response:
    """Return a streamed download: `rows` is called after the request's transaction ended, in its own transaction."""
    heads = [gettext(head) for head in heads]
    content = stream_with_context(csv_rows(heads, rows) if ending == "csv" else _xlsx(heads, rows))
    response = Response(content, mimetype=TYPES[ending])
    file_name = f"{name}-{dates.today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _xlsx(heads: Iterable[str], rows: Callable[[], Rows]) -> Iterator[bytes]:
    """Yield a workbook, written to disk row by row; a formula in a cell stays text."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet, formats = book.add_worksheet(), {name: book.add_format({"num_format": name}) for name in (DATE, TIME)}
        heads = list(heads)
        sheet.set_column(0, len(heads) - 1, WIDTH)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, book.add_format({"bold": True}))
        for number, row in enumerate(rows(), start=1):
            for column, cell in enumerate(row):
                write_cell(sheet, number, column, cell, formats)
        sheet.freeze_panes(1, 0)
        book.close()
        file.seek(0, io.SEEK_SET)
        while chunk := file.read(PART):
            yield chunk
