"""Work in a process of its own, that is ended when it takes unduly long."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Result = TypeVar("Result")


def apart(limit_s: float, work: Callable[..., Result], *given: Any) -> Result | None:
    """Return what ``work`` makes of what is ``given``; None where it takes longer than ``limit_s``.

    Raise RuntimeError where it breaks off.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, work, *given))
    process.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(limit_s) else None
    except EOFError:
        raise RuntimeError(f"{work.__name__} broke off on {given}.") from None
    finally:
        process.kill()
        process.join()
        receiver.close()


def _send(sender: Connection, work: Callable[..., Any], *given: Any) -> None:
    sender.send(work(*given))
