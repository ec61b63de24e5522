"""Work that takes long into a result that the event loop can wait for."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

_Result = TypeVar("_Result")


async def in_thread(work: Callable[[], _Result]) -> _Result:
    """Return what some work returns, done in a thread that holds up neither the loop nor the end of the process."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_Result] = loop.create_future()

    def deliver(settle: Callable[[Any], None], value: object) -> None:
        def unless_cancelled() -> None:
            if not future.done():
                settle(value)

        with suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits for the result
            loop.call_soon_threadsafe(unless_cancelled)

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 -- it is raised where the result is awaited
            deliver(future.set_exception, error)
        else:
            deliver(future.set_result, result)

    Thread(target=run, daemon=True).start()
    return await future
