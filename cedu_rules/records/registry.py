"""Standards that are loaded, and the classes of their records: what pickled records and reports are rebuilt by."""

from typing import Any, Protocol
from weakref import WeakValueDictionary

from cedu_rules.diagnostics import StandardNotFound
from cedu_rules.model.ir import Model

CLASSES: WeakValueDictionary[str, type[Any]] = WeakValueDictionary()
"""The classes of the standards that are loaded, by digest; one that nobody has asked for is made by its owner."""


class Owner(Protocol):
    """A loaded standard, as far as what is pickled needs it."""

    @property
    def model(self) -> Model:
        """Its model."""

    @property
    def record(self) -> type[Any]:
        """The class of its records."""


_OWNERS: WeakValueDictionary[tuple[str, int], Owner] = WeakValueDictionary()


def register(digest: str, owner: Owner) -> None:
    """Let pickled records and reports of this standard be rebuilt as long as it is loaded, or another of its content."""
    _OWNERS[digest, id(owner)] = owner


def loaded(digest: str, what: str) -> Owner:
    """Return a loaded standard of that content.

    Raises:
        StandardNotFound: there is none in this process.
    """
    for (known, _), owner in list(_OWNERS.items()):
        if known == digest:
            return owner
    raise StandardNotFound(f"{what} of a standard that is not loaded here (`{digest}`); load it first")
