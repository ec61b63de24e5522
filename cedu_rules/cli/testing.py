"""The command `test`: the examples in `.std` files, what they show, and what they miss."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cedu_rules.cli.root import FAILED, LANGUAGE, WRONG, cli, load, tell
from cedu_rules.cli.std_files import std_files
from cedu_rules.diagnostics import CeduError
from cedu_rules.messages import Words
from cedu_rules.reports.text import visible
from cedu_rules.standard import Standard

if TYPE_CHECKING:
    from cedu_rules.authoring.workshop import Trial

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WOULD = Words("an example of `{clause}` that would tell:", "可以在 `{clause}` 补上这个例子：")
_NONE_FOUND = Words(
    "no example was found that would tell, nor a proof that none can", "没有找到这样的例子，也没有证明不存在"
)
_EQUIVALENT = Words("equivalent: {mutant}", "等价：{mutant}")
_PASSED = Words("{passed} passed, {failed} failed", "{passed} 个通过，{failed} 个不符")
_COVERED = Words("{covered} of {conditions} conditions covered", "条件覆盖 {covered}/{conditions}")
_MUTANTS = Words(
    "{mutants} mutants: {killed} killed, {live} live, {equivalent} equivalent",
    "{mutants} 个变异：{killed} 个被发现，{live} 个未被发现，{equivalent} 个等价",
)
_WRITTEN = Words(
    "`{path}`: wrote {number} examples; they state what the file says now, so read them",
    "`{path}`：写入 {number} 个例子；它们只说明文件现在的含义，请逐个核对",
)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--coverage", "cover", is_flag=True, help="Tell which conditions no example shows to matter.")
@click.option("--mutate", is_flag=True, help="Tell which small changes of the standard no example notices.")
@click.option("--write", "fill", is_flag=True, help="Add the examples that are missing to the files.")
@click.option("--lang", "language", type=LANGUAGE, default="en", help="Language of the messages.")
def test(*, paths: tuple[Path, ...], cover: bool, mutate: bool, fill: bool, language: str) -> None:
    """Run the examples in `.std` files, and say how the answers differ where they do.

    Exit status: 0 all is well, 1 an example fails, a condition is not covered or a mutant is live, 2 a file is wrong.
    """
    from cedu_rules.authoring.workshop import try_examples  # noqa: PLC0415

    if fill and not (cover or mutate):
        raise click.UsageError("found `--write` alone; expected `--coverage` or `--mutate` beside it")
    trials: list[Trial] = []
    status, is_mended = 0, True
    for path in std_files(paths):
        standard = _loaded(path, language)
        if standard is None:
            status = WRONG
            continue
        trial = try_examples(standard, cover=cover, mutate=mutate)
        trials.append(trial)
        for line in _lines(trial, language):
            click.echo(visible(line))
        if fill and trial.proposed:
            click.echo(visible(_write(path, trial, language)))
        is_mended &= not trial.findings or (fill and all(trial.proposal(finding) for finding in trial.findings))
    for line in _summary(trials, language, cover=cover, mutate=mutate):
        click.echo(line)
    failed = any(trial.failures for trial in trials) or not is_mended
    sys.exit(status or (FAILED if failed else 0))


def _loaded(path: Path, language: str) -> Standard | None:
    """Return the standard of a file, or None after its errors are told: the other files are tested all the same."""
    try:
        return load(str(path), language)
    except CeduError as error:
        tell(str(error))
    except SystemExit:
        pass
    return None


def _lines(trial: "Trial", language: str) -> Iterator[str]:
    """Yield everything that was found, each with the place first, and the example that would mend it."""
    from cedu_rules.authoring.proposing.printing import example  # noqa: PLC0415

    for failure in trial.failures:
        yield from failure.in_words(language).split("\n")
    for findings, found in trial.by_proposal():
        yield from (f"{finding.span}: {finding.in_words(language)}" for finding in findings)
        if found is None:
            yield f"    {_NONE_FOUND.filled(language, {})}"
            continue
        model, case = trial.standard.model, found.case
        yield f"    {_WOULD.filled(language, {'clause': case.clause})}"
        told = example(model, model.clauses_by_id[case.clause], case.status, case.values)
        yield from (f"    {line}" for line in told.split("\n"))
    for proof in trial.equivalents:
        yield f"{proof.mutant.span}: {_EQUIVALENT.filled(language, {'mutant': proof.in_words(language)})}"


def _summary(trials: list["Trial"], language: str, *, cover: bool, mutate: bool) -> Iterator[str]:
    failed = sum(len(trial.failures) for trial in trials)
    total = sum(trial.examples for trial in trials)
    yield _PASSED.filled(language, {"passed": total - failed, "failed": failed})
    if cover:
        conditions = sum(len(trial.conditions or ()) for trial in trials)
        covered = sum(trial.covered for trial in trials)
        yield _COVERED.filled(language, {"covered": covered, "conditions": conditions})
    if mutate:
        mutants = sum(trial.mutants or 0 for trial in trials)
        live = sum(trial.live for trial in trials)
        equivalent = sum(len(trial.equivalents) for trial in trials)
        killed = mutants - live - equivalent
        counts = {"mutants": mutants, "killed": killed, "live": live, "equivalent": equivalent}
        yield _MUTANTS.filled(language, counts)


def _write(path: Path, trial: "Trial", language: str) -> str:
    """Add the proposed examples to the file, and return what was done."""
    from cedu_rules.authoring.proposing.inserting import inserted  # noqa: PLC0415

    try:
        old = path.read_bytes()
        mark = _BYTE_ORDER_MARK if old.startswith(_BYTE_ORDER_MARK) else b""
        if old.decode("utf-8-sig") != trial.standard.model.source.text:
            raise click.UsageError(f"cannot write `{path}`: it has changed since it was read")
        path.write_bytes(mark + inserted(trial.standard.model, [found.case for found in trial.proposed]).encode())
    except OSError as error:
        raise click.UsageError(f"cannot write `{path}`: {error.strerror}") from None
    return _WRITTEN.filled(language, {"path": path, "number": len(trial.proposed)})
