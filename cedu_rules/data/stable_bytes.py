"""A workbook into bytes that are the same whenever it is written: nothing in them tells the time.

Packages that write workbooks stamp each part of the archive, and the properties of the document, with the clock. Papers
that are written again from the same data should be the same file, so that whoever compares them sees that nothing changed.
"""

import io
import re
import zipfile
from typing import Any

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip archive can name."""
_PROPERTIES = "docProps/core.xml"
_STAMP = re.compile(rb"<dcterms:(created|modified)\b[^<>]*>[^<]*</dcterms:\1>")


def saved(book: Any) -> bytes:  # noqa: ANN401 -- a workbook of a package that has no types
    """Return the bytes of an openpyxl workbook, which is then closed; equal workbooks give equal bytes."""
    stream, stable = io.BytesIO(), io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as written, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in written.namelist():
            content = written.read(name)
            part = zipfile.ZipInfo(name, _FIRST_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, _STAMP.sub(b"", content) if name == _PROPERTIES else content)
    return stable.getvalue()
