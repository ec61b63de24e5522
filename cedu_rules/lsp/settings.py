"""What a client sends about itself into the language of a document and the address of pages."""

from typing import Any

from attrs import define

from cedu_rules.lsp.reading import Reading

_SECTIONS = ("cedu-rules", "ceduRules", "cedu_rules")


@define
class Settings:
    """What a client has asked for: the language of what is shown, and where the pages about codes are."""

    language: str | None = None
    pages: str | None = None
    locale: str | None = None

    def read(self, sent: object) -> None:
        """Take in what a client has sent, whatever it is; the settings may stand in a section of their own."""
        given: dict[str, Any] = sent if isinstance(sent, dict) else {}
        inner = next((given[name] for name in _SECTIONS if isinstance(given.get(name), dict)), given)
        if "language" in inner:
            self.language = inner["language"] if inner["language"] in ("zh", "en") else None
        if "pages" in inner:
            self.pages = inner["pages"] if isinstance(inner["pages"], str) and inner["pages"] else None

    def language_of(self, reading: Reading) -> str:
        """Return the language for a document: as set, else as its head says, else that of the editor."""
        declared = self.language or reading.declared_language
        if declared in ("zh", "en"):
            return declared
        return "en" if self.locale is not None and not self.locale.lower().startswith("zh") else "zh"
