"""Bytes into the SHA-256 digest by which texts and files are told apart.

The function is the one that the interpreter brings itself: `hashlib` looks for that of OpenSSL first, and to load that
library takes a twentieth of a short run.
"""

from contextlib import suppress
from importlib import import_module
from typing import Protocol


class Digest(Protocol):
    """A digest that is under way."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""

    def hexdigest(self) -> str:
        """Return the digest of all bytes so far, as 64 hexadecimal digits."""


class _Maker(Protocol):
    def __call__(self, data: bytes = b"", /) -> Digest: ...


def _found() -> _Maker:
    for module in ("_sha2", "_sha256", "hashlib"):  # from Python 3.12, in 3.11, and wherever neither is
        with suppress(ImportError, AttributeError):
            maker: _Maker = import_module(module).sha256
            return maker
    raise ImportError("expected an interpreter that knows SHA-256")


sha256 = _found()
"""Begins a digest, with the bytes that it is given."""
