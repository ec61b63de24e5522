"""The command line, `cedu-rules`; `root.COMMANDS` names its commands."""

from cedu_rules.cli.root import cli, main

__all__ = ["cli", "main"]
