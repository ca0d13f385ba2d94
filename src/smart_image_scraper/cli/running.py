"""How a command ends when it is asked to: Ctrl-C, or SIGTERM from a service manager."""

import signal
from collections.abc import Coroutine
from types import FrameType
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


def end_on_sigterm() -> None:
    """Let SIGTERM end this process as tidily as Ctrl-C does.

    Not by way of SIGINT: a shell starts what runs in the background with SIGINT ignored.
    """
    signal.signal(signal.SIGTERM, _interrupt)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run asynchronous work to its end, or cancel it on Ctrl-C or SIGTERM and wait for that.

    Raises:
        KeyboardInterrupt: It was cancelled.
    """
    import asyncio

    async def cancelled_by_sigterm() -> T:
        task = asyncio.current_task()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(cancelled_by_sigterm())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
