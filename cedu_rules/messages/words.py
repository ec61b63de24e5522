"""The shapes of the tables: a sentence in two languages, a kind of diagnostic."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Words(NamedTuple):
    """One sentence or phrase in both languages, with `{name}` where a value belongs."""

    en: str
    zh: str

    def filled(self, language: str, values: Mapping[str, Any]) -> str:
        """Return the sentence of `language` with its values; `Words` among them speak the same language."""
        template = self.zh if language == "zh" else self.en
        spoken = {
            key: value.filled(language, {}) if isinstance(value, Words) else value for key, value in values.items()
        }
        return template.format(**spoken) if spoken else template


class Code(NamedTuple):
    """A kind of diagnostic."""

    severity: str
    words: Words


def error(en: str, zh: str) -> Code:
    """Return a kind of mistake, with which a file is no standard."""
    return Code("error", Words(en, zh))


def warning(en: str, zh: str) -> Code:
    """Return a kind of doubt; the standard works all the same."""
    return Code("warning", Words(en, zh))
