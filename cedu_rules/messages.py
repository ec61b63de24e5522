"""The table of diagnostics: each code with its severity and its sentence in English and Chinese.

A code states the problem, not the cure, and reads well after "allow". Hints name the cure; they have a table of
their own, since one cure serves several problems.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Words(NamedTuple):
    """One sentence or phrase in both languages, with `{name}` where a value belongs."""

    en: str
    zh: str

    def filled(self, language: str, values: Mapping[str, Any]) -> str:
        """Return the sentence of `language` with its values; `Words` among them speak the same language."""
        template = self.zh if language == "zh" else self.en
        spoken = {key: value.filled(language, {}) if isinstance(value, Words) else value for key, value in values.items()}
        return template.format(**spoken) if spoken else template


class Code(NamedTuple):
    """A kind of diagnostic."""

    severity: str
    words: Words


def _error(en: str, zh: str) -> Code:
    return Code("error", Words(en, zh))


def _warning(en: str, zh: str) -> Code:
    return Code("warning", Words(en, zh))


CODES: dict[str, Code] = {
    # reading the text
    "unexpected-word": _error("found {found}; expected {expected}", "此处是{found}；应为{expected}"),
    # names
    "unknown-name": _error("unknown name `{name}`; expected {expected}", "未知名称 `{name}`；应为{expected}"),
}

HINTS: dict[str, Words] = {
    "nearest": Words("did you mean `{name}`?", "是否想写 `{name}`？"),
}
