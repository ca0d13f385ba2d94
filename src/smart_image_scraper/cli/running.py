"""How a command runs: ended when asked to, and alone where two would be in each other's way."""

import codecs
import fcntl
import io
import json
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeVar

from smart_image_scraper.errors import WorkspaceError

T = TypeVar("T")

_ESCAPED = "sis.escaped"


def end_on_sigterm() -> None:
    """Let SIGTERM end this process as tidily as Ctrl-C does.

    Not by way of SIGINT: a shell starts what runs in the background with SIGINT ignored.
    """
    signal.signal(signal.SIGTERM, _interrupt)


def write_any_text() -> None:
    """Let standard output take any text, as far as it goes, whatever its encoding.

    What cannot be encoded is written as JSON escapes it, so that JSON stays JSON: an emoji in a
    title where the locale is not UTF-8, and the bytes of a file's name that are no text (PEP 383).
    """
    codecs.register_error(_ESCAPED, _escaped)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_ESCAPED)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


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


@contextmanager
def alone_at(path: Path, *, what: str) -> Iterator[None]:
    """Hold a lock that goes with the process, however it ends.

    Args:
        path: The lock's file, made if it is missing.
        what: What is worked on, for the message.

    Raises:
        WorkspaceError: Another process holds it, or the file cannot be made.
    """
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    except BlockingIOError as error:
        raise WorkspaceError(
            f"another process is at work on {what}; wait for it, or stop it and go on here"
        ) from error
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be made: {error.strerror}") from error
