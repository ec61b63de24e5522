"""Ids from strangers into names of files: letters, digits, Chinese, `-` and `_`, not too long, each once."""

LENGTH_LIMIT = 60
"""A name has at most so many characters; of Chinese that is 180 bytes, and systems allow 255."""


def file_name(text: str) -> str:
    """Return a name that is safe on every system: no separators, no dots, nothing that cannot be seen."""
    safe = "".join(each if each.isalnum() or each in "-_" else "_" for each in text.strip())
    return safe[:LENGTH_LIMIT].strip("_") or "unnamed"


class FileNames:
    """Gives each text a name of its own; names that differ in case alone are one on some systems."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def new(self, text: str) -> str:
        """Return a name that was not given before, numbered where it was."""
        name = found = file_name(text)
        number = 1
        while found.casefold() in self.taken:
            number += 1
            found = f"{name}-{number}"
        self.taken.add(found.casefold())
        return found
