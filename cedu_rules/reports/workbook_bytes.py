"""A workbook into bytes that are the same for the same content: no time of writing stands in them.

Whoever keeps reports under version control, or compares the digests of two runs, sees a difference only where one is.
"""

import io
import re
import zipfile
from typing import Any

_PROPERTIES = "docProps/core.xml"
_TIMES = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")


def bytes_of(book: Any) -> bytes:  # noqa: ANN401 -- a workbook of the package that writes them
    """Return the file of a workbook; `book` cannot be written a second time."""
    saved = io.BytesIO()
    book.save(saved)
    steady = io.BytesIO()
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(steady, "w") as written:
        for name in parts.namelist():
            content = parts.read(name)
            if name == _PROPERTIES:
                content = _TIMES.sub(b"", content)
            part = zipfile.ZipInfo(name)  # of the first day that an archive can hold
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            written.writestr(part, content)
    return steady.getvalue()
