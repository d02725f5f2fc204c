"""A response that goes on for as long as both sides like, read line by line."""

from typing import TYPE_CHECKING

from keyrack.net.network_errors import NetworkFailure, NoResponse, TooLarge

if TYPE_CHECKING:
    import httpx


class LineStream:
    """An open response. `status` is its HTTP status. No line is kept or shown."""

    def __init__(self, response: "httpx.Response", host: str, longest: int) -> None:
        self.status = response.status_code
        self._response = response
        self._chunks = response.aiter_raw()
        self._host = host
        self._longest = longest
        self._read = bytearray()

    def __repr__(self) -> str:
        return f"<LineStream {self._host}>"

    async def line(self) -> bytes:
        """The next line without its end, which the last one may lack.

        Raises a NetworkFailure when the response has ended. It waits for as long as nothing comes. A wait that is
        cancelled ends the stream.
        """
        start = 0
        while (end := self._read.find(b"\n", start)) < 0:
            if len(self._read) > self._longest:
                raise TooLarge(self._host, limit=self._longest)
            start = len(self._read)
            more = await self._more()
            if not more:
                end = start
                break
            self._read += more
        line = bytes(self._read[:end])
        del self._read[: end + 1]
        return line

    async def _more(self) -> bytes:
        try:
            return await anext(self._chunks)
        except StopAsyncIteration:
            if self._read:
                return b""
            failure: NetworkFailure = NoResponse(self._host, detail="ended")
        except Exception as error:  # noqa: BLE001  the library's errors, which quote addresses
            failure = NoResponse(self._host, detail=type(error).__name__)
        raise failure

    async def close(self) -> None:
        """End the response and its connection."""
        await self._response.aclose()
