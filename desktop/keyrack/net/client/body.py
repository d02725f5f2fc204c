"""Reads a response's body without ever holding more than its limit."""

import zlib
from collections.abc import AsyncIterator

ACCEPTED = "gzip, deflate"

_WINDOW = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BodyTooLarge(Exception):
    """The decoded body exceeds the limit."""


class BodyUnreadable(Exception):
    """The body is damaged, or has an encoding that was not accepted."""


async def read(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """The decoded body of at most `limit` bytes, from the raw `chunks` of the response.

    zlib gets a limit for its output, so that a gzip bomb is never expanded (R29). httpx's own decoders have no such
    limit. Raises BodyTooLarge or BodyUnreadable.
    """
    decoder = _decoder(encoding)
    body = bytearray()
    empty = True
    async for chunk in chunks:
        empty = empty and not chunk
        body += chunk if decoder is None else _inflate(decoder, chunk, limit + 1 - len(body))
        if len(body) > limit:
            raise BodyTooLarge
    if decoder is not None and not empty and not decoder.eof:
        raise BodyUnreadable
    return bytes(body)


def _decoder(encoding: str) -> "zlib._Decompress | None":
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name not in _WINDOW:
        raise BodyUnreadable
    return zlib.decompressobj(_WINDOW[name])


def _inflate(decoder: "zlib._Decompress", chunk: bytes, room: int) -> bytes:
    try:
        return decoder.decompress(chunk, room)
    except zlib.error:
        raise BodyUnreadable from None
