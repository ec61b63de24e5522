"""What clients open, change and close into snapshots, and which of them has names to offer."""

from attrs import Factory, define
from lsprotocol.types import (
    PositionEncodingKind,
    TextDocumentContentChangeEvent,
    TextDocumentContentChangeWholeDocument,
)

from cedu_rules.lsp.positions import Lines
from cedu_rules.lsp.reading import Reading

SLOW = 8_000
"""A longer text takes longer to read than an author waits for a completion, which is due at every key."""


@define(eq=False)
class Document:
    """One open document: the snapshot of now, the latest one with names, and the latest that could be read to its end."""

    uri: str
    version: int | None
    reading: Reading
    latest: Reading | None = None
    whole: Reading | None = None
    is_watched: bool = False
    is_stale: bool = True
    """Whether its diagnostics are those of an earlier text."""

    def change(self, changes: list[TextDocumentContentChangeEvent], version: int | None) -> None:
        """Take in changes, one after the other."""
        text = self.reading.text
        for change in changes:
            place = None if isinstance(change, TextDocumentContentChangeWholeDocument) else change.range
            text = Lines(text, self.reading.encoding).replaced(place, change.text)
        self.reading = Reading(text, self.reading.name, self.reading.encoding)
        self.version = version
        self.is_stale = True

    def keep(self, reading: Reading) -> None:
        """Remember a reading whose names may be offered while later ones are not yet read, or have lost some."""
        if reading.index.symbols.values:
            self.latest = reading
            if not reading.is_broken or self.whole is None:
                self.whole = reading

    def with_names(self) -> Reading:
        """Return the reading whose names are offered: an earlier one where that of now takes too long, or has lost some."""
        now = self.reading
        if len(now.text) > SLOW and not now.is_indexed and self.latest is not None:
            now = self.latest
        earlier = self.whole
        if earlier is None or earlier is now:
            return now
        lost = now.file.lost - now.index.symbols.values.keys()
        known = earlier.index.symbols
        return earlier if any(name in known.values or name in known.types for name in lost) else now


@define(eq=False)
class Documents:
    """The open documents by address."""

    encoding: str = PositionEncodingKind.Utf16
    _open: dict[str, Document] = Factory(dict)

    def open(self, uri: str, text: str, version: int | None) -> Document:
        """Take in a document that a client has opened."""
        name = uri.rsplit("/", 1)[-1] or uri
        self._open[uri] = Document(uri, version, Reading(text, name, self.encoding))
        return self._open[uri]

    def get(self, uri: str) -> Document | None:
        """Return the document at an address, or None where none is open."""
        return self._open.get(uri)

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._open.pop(uri, None)

    def everything(self) -> list[Document]:
        """Return all open documents."""
        return list(self._open.values())
