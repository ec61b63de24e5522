"""What `evaluate_frame` returns."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from attrs import field, frozen

from cedu_rules.backends.frame.failures import translated


@frozen(eq=False)
class FrameResult:
    """The answers about the institutions of a frame, as frames of the same library.

    `statuses` has a row for each institution: `id`, `name` and carried columns as they came, a column for each clause,
    `verdict`, `failed` and `unknown` (how many clauses that count in the verdict fail, and are unknown) and `errors`.
    The status of a clause is `fail`, `pass`, `unknown`, `not_applicable` or `not_met`, or true, false and null. Of an
    institution with impossible input it is null, the verdict is `invalid`, and `errors` tells why.
    """

    statuses: Any
    _findings: Callable[[], Any] = field(repr=False)

    @cached_property
    def findings(self) -> Any:  # noqa: ANN401 -- a frame of the caller's library
        """The clauses that are not met, one row each: `institution`, `clause`, `status`, `missing`, `shortfall`.

        Made when it is asked for; a lazy frame stays lazy. The reference explains once what several institutions agree
        in, so that it takes longer where many cells differ. `missing` lists what is not
        recorded and matters, `shortfall` how much is lacking. An institution with impossible input has one row without
        a clause, of status `invalid`.

        Raises:
            InputError: the frame can no longer be read.
        """
        with translated("frame"):
            return self._findings()
