"""The command line: `cedu-rules check`, `verify`, `inspect`, `template`, `show`, `codegen`, `test`."""

from cedu_rules.cli import institutions, standards
from cedu_rules.cli.root import cli, main

__all__ = ["cli", "institutions", "main", "standards"]
