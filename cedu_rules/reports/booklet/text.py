"""A standard into Markdown (with the tables of GitHub), in which no title can become a link, a tag or a new cell."""

from collections.abc import Iterator

from cedu_rules.model.ir import Model
from cedu_rules.reports.booklet.contents import Booklet, Demand, FactLine, Line, booklet
from cedu_rules.reports.markdown import escaped


def markdown(model: Model, language: str) -> str:
    """Return the standard as Markdown in `zh` or `en`."""
    return "\n".join(_document(booklet(model, language))) + "\n"


def _document(document: Booklet) -> Iterator[str]:
    yield from (f"# {escaped(document.title)}", "")
    yield from (" · ".join(escaped(part) for part in document.head), "")
    yield from (escaped(document.word("made")), "")
    for section in document.sections:
        yield from (f"## {escaped(section.title)}", "")
        for subsection in section.subsections:
            yield from (f"### {escaped(subsection.title)}", "")
            for line in subsection.lines:
                yield from _line(document, line)
            yield ""
    yield from (f"## {document.word('facts')}", "")
    for heading, facts in document.facts:
        yield from (f"### {escaped(heading)}", "")
        yield from _facts(document, facts)


def _line(document: Booklet, line: Line) -> Iterator[str]:
    """Yield an item of a list whose number is that of the line in the annex."""
    colon = "：" if document.language == "zh" else ": "
    head = f"{line.number}."
    indent = " " * (len(head) + 1)
    mark = f" ({document.word('advisory')})" if line.advisory else ""
    yield f"{head} **{escaped(line.title) or '–'}** `{line.id}`{mark}"
    for demand in line.demands:
        yield f"{indent}- {_demand(document, demand, colon)}"
    for note in line.notes:
        yield f"{indent}- *{document.word('note')}*{colon}{escaped(note)}"
    if line.examples:
        yield f"{indent}- *{document.word('examples')}*"
        for _, status, values in line.examples:
            yield f"{indent}  - {escaped(values)} → {escaped(status)}"


def _demand(document: Booklet, demand: Demand, colon: str) -> str:
    head = f"**{document.word(demand.role)}**"
    if demand.role == "where":
        return f"{head} {escaped(demand.label)}{colon}{escaped(demand.text)}"
    about = f" ({escaped(demand.kind)})" if demand.kind else ""
    label = f" — {escaped(demand.label)}" if demand.label else ""
    return f"{head}{about}{colon}{escaped(demand.text)}{label}"


def _facts(document: Booklet, facts: tuple[FactLine, ...]) -> Iterator[str]:
    heads = ("fact", "name", "value", "unit", "kind", "condition", "asked_by")
    yield _row(*(escaped(document.word(head)) for head in heads))
    yield "|" + " --- |" * len(heads)
    for fact in facts:
        places = "; ".join(f"{escaped(place)} `{id_}`" for id_, place in fact.places)
        texts = (fact.value, fact.unit, fact.kind, fact.condition)
        yield _row(escaped(fact.label), f"`{fact.path}`", *map(escaped, texts), places)
    yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
