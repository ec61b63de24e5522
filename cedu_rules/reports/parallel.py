"""Work on many institutions into its results, in order, on several processes.

A worker gets the standard when it starts; then it takes one batch after another and sends back finished results. No
more batches are under way than the workers need, so that memory does not grow with the input.

However it ends, no worker stays behind: on an error, or when the user interrupts, they are stopped; when this process is
killed, they see that it is gone. Only this process answers to Ctrl-C. What it takes to start processes is imported when
they are started: most runs are about one institution.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

from cedu_rules.diagnostics import CeduError
from cedu_rules.standard import Standard

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Item = TypeVar("Item")
Result = TypeVar("Result")

Work: TypeAlias = Callable[[Standard, Sequence[Item]], Sequence[Result]]
"""Makes one result of each item; a function of a module, or a `functools.partial` of one, so that it can be sent."""

Progress: TypeAlias = Callable[[Sequence[Any]], Iterable[Any]]
"""Passes items on, and may tell somebody how many are done."""

_BATCH_LIMIT = 32
"""A worker takes at most so many items at once."""
_BATCHES_AHEAD = 3
"""So many batches a worker are under way: one in work, the others so that it need not wait for this process."""
_WITHOUT = "expected all of them to finish; `--jobs 1` does without"


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not every system can tie a process to some of them
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


class Workers:
    """Processes that share the work on the institutions of one standard; use it in `with`.

    Args:
        standard: The standard that every worker holds.
        jobs: How many processes there are: 1 makes none, 0 as many as there are cores.
        progress: Passes on what is worked on.
    """

    def __init__(self, standard: Standard, jobs: int = 1, progress: Progress = iter) -> None:
        self.jobs = jobs or cores()
        self.progress = progress
        self._standard = standard
        self._executor: ProcessPoolExecutor | None = None
        self._before: set[Any] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        executor, self._executor = self._executor, None
        if executor is None:
            return
        from multiprocessing import active_children  # noqa: PLC0415

        with _interrupts_held():
            if kind is not None:
                for process in set(active_children()) - self._before:
                    process.terminate()
            executor.shutdown(wait=True, cancel_futures=True)

    def shares(self, total: int) -> bool:
        """Return whether the work on so many institutions is for several processes."""
        return self.jobs > 1 and total > 1

    def map(self, work: "Work[Item, Result]", items: Iterable[Item], *, total: int) -> Iterator[Result]:
        """Yield the result of each item, in order; `total` is about how many there are.

        Raises:
            CeduError: a worker cannot start, or ended before its work was done.
        """
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

        size = max(1, min(_BATCH_LIMIT, total // (self.jobs * _BATCHES_AHEAD)))
        waiting: deque[Future[Sequence[Result]]] = deque()
        source = iter(items)
        try:
            while batch := tuple(islice(source, size)):
                waiting.append(self._submitted(work, batch))
                if len(waiting) >= self.jobs * _BATCHES_AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenProcessPool:
            found = "a worker process ended before its work was done, killed from outside or out of memory"
            raise CeduError(f"{found}; {_WITHOUT}") from None

    def _submitted(self, work: "Work[Item, Result]", batch: Sequence[Item]) -> "Future[Sequence[Result]]":
        """Hand a batch over; a worker that starts for it does not answer to Ctrl-C, from its first moment."""
        try:
            if self._executor is None:
                _track()
            with _interrupts_held():
                if self._executor is None:
                    self._executor = self._started()
                return self._executor.submit(_worked, work, batch)
        except OSError as error:
            raise CeduError(f"cannot start a worker process: {error.strerror}; {_WITHOUT}") from None

    def _started(self) -> "ProcessPoolExecutor":
        import multiprocessing  # noqa: PLC0415
        import pickle  # noqa: PLC0415
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

        self._before = set(multiprocessing.active_children())
        return ProcessPoolExecutor(
            self.jobs,
            mp_context=multiprocessing.get_context("spawn"),  # a fork copies threads and locks as they happen to be
            initializer=_begin,
            initargs=(pickle.dumps(self._standard, pickle.HIGHEST_PROTOCOL), gc.get_threshold()),
        )


def _track() -> None:
    """Start the tracker of multiprocessing, where the system has it: when it starts, it lets Ctrl-C through again."""
    import signal  # noqa: PLC0415

    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker  # noqa: PLC0415

        resource_tracker.ensure_running()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait: a process that is started meanwhile holds it back, too, until it says otherwise."""
    import signal  # noqa: PLC0415

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in a worker ---

_HELD: list[Standard] = []
"""The standard of this worker process; reports and records find it as long as it is held."""


def _begin(standard: bytes, thresholds: tuple[int, int, int]) -> None:
    """Make this process a worker: it holds the standard, leaves Ctrl-C to its parent, and ends with it."""
    import multiprocessing  # noqa: PLC0415
    import pickle  # noqa: PLC0415
    import signal  # noqa: PLC0415
    import threading  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*thresholds)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _HELD.append(pickle.loads(standard))  # noqa: S301 -- made by the parent of this process


def _end_with(parent: Any) -> None:  # noqa: ANN401 -- multiprocessing does not name its type
    parent.join()
    os._exit(1)


def _worked(work: "Work[Item, Result]", batch: Sequence[Item]) -> Sequence[Result]:
    return work(_HELD[0], batch)
