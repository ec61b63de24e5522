"""Paths on the command line into the `.std` files that they name."""

from collections.abc import Iterable
from pathlib import Path

import click


def std_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files, and those in the folders, sorted.

    Raises:
        click.UsageError: there is none at one of the paths.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.std")) if path.is_dir() else [path] if path.exists() else []
        if not inside:
            missing = "`.std` file in" if path.is_dir() else "such file or folder:"
            raise click.UsageError(f"no {missing} `{path}`")
        found += inside
    return found
