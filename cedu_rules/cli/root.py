"""What every command shares: the group, how it ends, standards and messages.

Reports go to standard output, errors to standard error as `place: message`. Exit status: 0 all is well, 1 something
fails or is open, 2 the input or the call is wrong; whatever could be done is done and told all the same.
"""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from errno import EPIPE
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from cedu_rules import catalog
from cedu_rules._version import VERSION
from cedu_rules.diagnostics import CeduError, Diagnostic, StandardError
from cedu_rules.standard import Standard

FAILED, WRONG, INTERRUPTED = 1, 2, 130
LANGUAGE = click.Choice(["zh", "en"])


class Day(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """A day as `2022-12-15`."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        """Return the day, or fail as click does."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"found `{value}`; expected a day such as 2022-12-15", param, ctx)


COMMANDS = {
    "check": "checking",
    "verify": "checking",
    "inspect": "institutions",
    "template": "institutions",
    "show": "standards",
    "codegen": "standards",
    "test": "testing",
    "fmt": "fmt",
    "lint": "lint",
    "docs": "authoring",
    "new": "authoring",
    "lsp": "lsp",
}
"""Each command and the module beside this one that defines it; the order is that of the help."""


class _Commands(click.Group):
    """Commands whose module is imported when they are used: none pays for the others at start."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that defines the command, and return it."""
        if cmd_name in COMMANDS:
            import_module(f"cedu_rules.cli.{COMMANDS[cmd_name]}")
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="cedu-rules")
def cli() -> None:
    """Check institutions against official standards, exactly, and say why."""


def main() -> NoReturn:
    """Run the command line; no error of the library or of the system leaves it as a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal has every character
    try:
        status = cli(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except CeduError as error:
        tell(str(error))
        status = WRONG
    except OSError as error:
        status = _unwritten(error)
    sys.exit(status)


def _unwritten(error: OSError) -> int:
    """Return the exit status where the output could not be written; the interpreter is not to try again."""
    if error.errno != EPIPE:  # who closes a pipe has read enough
        tell(f"cannot write the output: {error.strerror}")
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return WRONG


def tell(text: str) -> None:
    """Write lines to standard error; what data says reaches no terminal as a control character."""
    from cedu_rules.reports.text import visible  # noqa: PLC0415 -- most calls tell nothing

    click.echo("\n".join(visible(line) for line in text.split("\n")), err=True)


def load(name: str, language: str | None) -> Standard:
    """Return the standard; its diagnostics go to standard error, and with errors that is the end."""
    try:
        standard = catalog.load(name)
    except StandardError as error:
        tell_all(error.diagnostics, language)
        sys.exit(WRONG)
    tell_all(standard.diagnostics, language)
    return standard


def tell_all(diagnostics: Iterable[Diagnostic], language: str | None) -> None:
    """Write the diagnostics of a standard to standard error."""
    for diagnostic in diagnostics:
        tell(diagnostic.in_words(language or "en"))


def unknown_clause(standard: Standard, clause: str) -> str:
    """Return what is said of a clause that the standard does not have."""
    from cedu_rules.model.findings import nearest  # noqa: PLC0415 -- only a mistake needs it

    near = nearest(clause, standard.clauses)
    meant = "" if near is None else f"; did you mean `{near.values['name']}`?"
    return f"no clause `{clause}` in `{standard.id}`{meant}"
