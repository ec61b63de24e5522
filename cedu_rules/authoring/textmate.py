"""The patterns of the language into a TextMate grammar: `.std` in colour in editors.

The extension for editors holds the file that this writes:

    python -m cedu_rules.authoring.textmate > docs/editors/vscode/syntaxes/std.tmLanguage.json
"""

import json
import sys
from typing import Any

from cedu_rules.authoring import patterns
from cedu_rules.authoring.patterns import Patterns

SCOPE = "source.cedu-std"

_PATTERNS = Patterns(name=r"[\p{L}_㎡][\p{L}\p{M}\p{N}_㎡]*", letter=r"[\p{L}\p{M}\p{N}_㎡]")
_GROUPS = {
    "declaration": "keyword.other.declaration",
    "statement": "keyword.control.statement",
    "joining": "keyword.operator.word",
    "value": "constant.language",
    "type": "storage.type",
}
_DECLARED = {
    "clause": "entity.name.function.clause",
    "record": "entity.name.type",
    "value": "variable.other.constant",
    "fact": "variable.other.member",
    "standard": "entity.name.namespace",
    "unit": "keyword.other.unit",
}


def grammar() -> dict[str, Any]:
    """Return the grammar as JSON values."""
    return {
        "name": "cedu_rules standard",
        "scopeName": SCOPE,
        "fileTypes": ["std"],
        "patterns": [
            _match(patterns.COMMENT, "comment.line.number-sign"),
            {
                "name": _scope("string.quoted.double"),
                "begin": '"',
                "end": '"|$',
                "patterns": [
                    _match(patterns.TEXT_ESCAPE, "constant.character.escape"),
                    _match(r"\\.", "invalid.illegal.escape"),
                ],
            },
            _match(patterns.DATE, "constant.numeric.date"),
            _captured(
                f"({patterns.NUMBER}){patterns.BLANKS}({_PATTERNS.unit()})", "constant.numeric", "keyword.other.unit"
            ),
            _match(patterns.NUMBER, "constant.numeric"),
            _captured(f"(example)\\s+({_PATTERNS.status()})", _GROUPS["statement"], _GROUPS["value"]),
            *(
                _captured(f"({word})\\s+({name})", _GROUPS["declaration"], _DECLARED[what])
                for what, (word, name) in _PATTERNS.declared().items()
            ),
            _match(_PATTERNS.function(), "support.function"),
            *(_match(_PATTERNS.keywords(group), scope) for group, scope in _GROUPS.items()),  # type: ignore[arg-type]
            _match(_PATTERNS.built_in_type(), "support.type"),
            _match(_PATTERNS.magic(), "variable.language"),
            _match(_PATTERNS.field(), "variable.other.member"),
            _match(_PATTERNS.name, "variable.other"),
            _match(patterns.OPERATOR, "keyword.operator"),
            _match(patterns.PUNCTUATION, "punctuation.separator"),
        ],
    }


def grammar_text() -> str:
    """Return the grammar as the text of its file."""
    return json.dumps(grammar(), ensure_ascii=False, indent=2) + "\n"


def _scope(name: str) -> str:
    return f"{name}.cedu-std"


def _match(pattern: str, scope: str) -> dict[str, Any]:
    return {"match": pattern, "name": _scope(scope)}


def _captured(pattern: str, *scopes: str) -> dict[str, Any]:
    captures = {str(number): {"name": _scope(scope)} for number, scope in enumerate(scopes, start=1)}
    return {"match": pattern, "captures": captures}


if __name__ == "__main__":
    sys.stdout.write(grammar_text())
