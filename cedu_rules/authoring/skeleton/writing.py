"""Lines and proposals into the text of a `.std` file in its canonical form.

The id of a clause is its place: `c2_1_3` is the third line of the first subsection of the second section, so that a line
added elsewhere leaves it as it is. Each clause asks an inspector to judge the whole line, which is the only honest
reading of a text that nobody has read yet; the author replaces that by what the line asks.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from keyword import iskeyword

from attrs import frozen

from cedu_rules.authoring.skeleton.proposals import POPULATION, Proposal, Proposer
from cedu_rules.data.line_files import DocumentLine
from cedu_rules.messages import Words
from cedu_rules.syntax.keywords import RESERVED
from cedu_rules.syntax.printer import format_text

_NAME = re.compile(r"[^\W\d][\w]*")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_DIGITS = re.compile(r"\d+")
_MET = Words("{place}, line {number} is met", "{place} 第{number}条达到要求")
_PLACE = Words("{section} / {subsection}", "{section}·{subsection}")
_INTRODUCTION = Words(
    "A standard to fill in, one clause for each line of the table.\n"
    "Each clause asks an inspector to judge its whole line; replace that by what the line asks.\n"
    "What stands behind `# must` was guessed from the numbers of the line. Where the guess is right, take the `#` away,\n"
    "there and before the facts that it reads, and give the facts better names.",
    "待补充的标准，表格中每行一条。\n"
    "每条暂由检查人员对整行作出评定，请改写为该行的具体要求。\n"
    "`# must` 之后是根据该行的数字推测的要求，推测正确的，去掉该处及所用事实前的 `#`，并为事实取更合适的名称。",
)


@frozen
class Head:
    """What stands at the head of the file."""

    id: str
    title: str
    document: str
    annex: int | None
    language: str

    @classmethod
    def of(
        cls,
        stem: str,
        lines: Sequence[DocumentLine],
        *,
        id_: str | None = None,
        title: str | None = None,
        document: str | None = None,
        annex: str | None = None,
        language: str | None = None,
    ) -> "Head":
        """Return the head for the lines of a file called `stem`; what is not given is taken from there.

        Raises:
            ValueError: `id_` cannot be the id of a standard.
        """
        if id_ is not None and not _is_name(id_):
            raise ValueError(
                f"found the id `{id_}`; expected letters, digits and `_`, no digit first, no reserved word"
            )
        title = _one_line(title if title is not None else stem) or stem
        number = _DIGITS.search(annex if annex is not None else next((line.annex for line in lines), ""))
        is_chinese = any(_CHINESE.search(line.text) for line in lines)
        return cls(
            id=id_ if id_ is not None else _name_of(stem),
            title=title,
            document=_one_line(document or "") or title,
            annex=int(number[0][:9]) if number else None,
            language=language or ("zh" if is_chinese else "en"),
        )


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and text not in RESERVED and not iskeyword(text)


def _name_of(stem: str) -> str:
    """Return a name that is as near to the words as a name can be."""
    name = re.sub(r"\W+", "_", stem).strip("_")
    return name if _is_name(name) else f"standard_{name}".rstrip("_")


def _one_line(text: str) -> str:
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def skeleton(head: Head, lines: Sequence[DocumentLine]) -> str:
    """Return the text of the file; it loads without an error, and is in its canonical form."""
    proposer = Proposer()
    clauses = list(_clauses(lines, proposer))
    found = [proposal for clause in clauses for proposal in clause.proposals]
    text = "\n".join([*_head(head), *_facts(head, found), *_sections(head, clauses)])
    formatted, diagnostics = format_text(text)
    assert formatted is not None, diagnostics  # noqa: S101 -- whatever stands in the lines, it is quoted
    return formatted


@frozen
class _Clause:
    id: str
    line: DocumentLine
    number: int
    proposals: tuple[Proposal, ...]


def _clauses(lines: Sequence[DocumentLine], proposer: Proposer) -> Iterator[_Clause]:
    """Yield the lines with their numbers: those of one subsection count on where it is continued."""
    sections: dict[str, int] = {}
    subsections: dict[tuple[str, str], int] = {}
    inside: dict[str, int] = {}
    counts: dict[tuple[str, str], int] = {}
    for line in lines:
        section = sections.setdefault(line.section, len(sections) + 1)
        here = (line.section, line.subsection)
        if here not in subsections:
            inside[line.section] = inside.get(line.section, 0) + 1
            subsections[here] = inside[line.section]
        counts[here] = counts.get(here, 0) + 1
        proposals = tuple(proposer.of(line.text))
        yield _Clause(f"c{section}_{subsections[here]}_{counts[here]}", line, counts[here], proposals)


def _place(head: Head, line: DocumentLine) -> str:
    return _PLACE.filled(head.language, {"section": line.section, "subsection": line.subsection})


def _head(head: Head) -> Iterator[str]:
    yield from (f"# {line}" for line in _INTRODUCTION.filled(head.language, {}).split("\n"))
    annex = "" if head.annex is None else f" annex {head.annex}"
    yield ""
    yield f"standard {head.id} {_quoted(head.title)}"
    yield f"source {_quoted(head.document)}{annex}"
    yield f"language {head.language}"
    yield ""


def _facts(head: Head, proposals: Sequence[Proposal]) -> Iterator[str]:
    if not proposals:
        return
    yield "facts {"
    if any(proposal.needs_population for proposal in proposals):
        name, type_, label = POPULATION
        yield f"# {name} : {type_} {_quoted(label if head.language == 'zh' else 'population')}"
    yield from (f"# {each.name} : {each.type} {_quoted(each.label)}" for each in proposals)
    yield "}"
    yield ""


def _sections(head: Head, clauses: Sequence[_Clause]) -> Iterator[str]:
    for (section, subsection), members in groupby(clauses, key=lambda each: (each.line.section, each.line.subsection)):
        yield f"section {_quoted(section)} {_quoted(subsection)} {{"
        for clause in members:
            yield f"clause {clause.id} {_quoted(clause.line.text)} {{"
            yield from (f"# must {proposal.requirement}" for proposal in clause.proposals)
            label = _MET.filled(head.language, {"place": _place(head, clause.line), "number": clause.number})
            yield f"must judge {clause.id}_met {_quoted(label)}"
            yield "}"
        yield "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
