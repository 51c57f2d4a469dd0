"""Work that goes on while something else is done: the next page of a list comes while the one before is taken in."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def begin(work: Callable[[], T]) -> "Future[T]":
    """Do `work` in a thread of its own, which does not keep the program from ending; return what will come of it."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as err:  # noqa: BLE001 -- told to whoever asks for the result
            future.set_exception(err)

    Thread(target=run, daemon=True).start()
    return future
