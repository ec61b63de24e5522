"""The command `lsp`: a language server for editors, over standard input and output."""

import sys
from contextlib import redirect_stdout

from cedu_rules.cli.root import cli
from cedu_rules.diagnostics import UnsupportedError

_NEEDED = frozenset({"pygls", "lsprotocol", "cattrs"})
_MISSING = "the language server; install it with `pip install 'cedu_rules[lsp]'`"


@cli.command()
def lsp() -> None:
    """Serve editors: diagnostics, hovers, completions, renames and more for `.std` files.

    An editor starts it and speaks the Language Server Protocol with it over standard input and output; nothing is
    written to disk.
    """
    try:
        from cedu_rules.lsp.server import serve  # noqa: PLC0415 -- an extra, and slow to import
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in _NEEDED:
            raise UnsupportedError([_MISSING]) from None
        raise
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    with redirect_stdout(sys.stderr):  # what anything prints is no message of the protocol
        status = serve(stdin, stdout)
    sys.exit(status)
