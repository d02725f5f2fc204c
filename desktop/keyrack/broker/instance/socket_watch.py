"""Keeps the local socket where programs find it, when its file or its folder is removed while Keyrack runs."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import NoReturn

from keyrack.broker.instance.instance import Instance
from keyrack.primitives.failure import Failure

SECONDS = 2.0

_log = logging.getLogger(__name__)


async def keep_socket(instance: Instance, serve: Callable[[socket.socket], None], seconds: float = SECONDS) -> NoReturn:
    """Look at the files every few seconds, until cancelled. `serve` is called with each new socket.

    A look is four calls of the system. A removal is told once in the log.
    """
    told: Failure | None = instance.problem
    while True:
        await asyncio.sleep(seconds)
        fresh = instance.restore()
        if fresh is not None:
            _log.warning("The local socket was made anew, because its file was gone: %s", instance.path)
            serve(fresh)
        if instance.problem is not None and told is None:
            _log.error("%s", instance.problem.in_english())
        told = instance.problem
