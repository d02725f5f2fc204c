"""Reads a response's body without ever holding more than its limit."""

import zlib
from collections.abc import AsyncIterator

ACCEPTED = "gzip, deflate"

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_MEMBERS = 100
_MOST_ENCODINGS = 4
# Encodings that exist and were not asked for. Every other name is none: some servers write a charset there, or "none".
_NOT_ACCEPTED = frozenset(
    {"aes128gcm", "br", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-bzip2", "x-compress", "zstd"}
)


class BodyTooLarge(Exception):
    """The body exceeds the limit, before or after it was decoded."""


class BodyUnreadable(Exception):
    """The body is damaged, or has an encoding that was not accepted."""


async def read(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """The decoded body of at most `limit` bytes, from the raw `chunks` of the response.

    `encoding` is the Content-Encoding: a list in the order in which the encodings were applied (RFC 9110 section 8.4).
    zlib gets a limit for its output, so that a gzip bomb is never expanded (R29). httpx's own decoders have no such
    limit. Raises BodyTooLarge or BodyUnreadable.
    """
    names = [name.strip().lower() for name in encoding.split(",")]
    if len(names) > _MOST_ENCODINGS or not _NOT_ACCEPTED.isdisjoint(names):
        raise BodyUnreadable
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge
    decoded = bytes(body)
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            decoded = _gunzipped(decoded, limit)
        elif name == "deflate":
            decoded = _inflated(decoded, limit)
    return decoded


def _gunzipped(data: bytes, limit: int) -> bytes:
    """The members of a gzip file one after the other (RFC 1952 section 2.2). What is no gzip came as it is."""
    if not data.startswith(_GZIP_MAGIC):
        return data
    whole = b""
    for _ in range(_MOST_MEMBERS):
        decoder = zlib.decompressobj(_GZIP)
        whole += _decoded(decoder, data, limit - len(whole))
        data = decoder.unused_data
        if not data.startswith(_GZIP_MAGIC):
            return whole
    raise BodyUnreadable


def _inflated(data: bytes, limit: int) -> bytes:
    """Deflate in zlib's frame (RFC 9110 section 8.4.1.2), or bare as some servers send it, or no deflate at all."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return _decoded(zlib.decompressobj(window), data, limit)
        except BodyUnreadable:
            continue
    return data


def _decoded(decoder: "zlib._Decompress", data: bytes, room: int) -> bytes:
    try:
        found = decoder.decompress(data, room + 1)
    except zlib.error:
        raise BodyUnreadable from None
    if len(found) > room:
        raise BodyTooLarge
    if not decoder.eof:
        raise BodyUnreadable
    return found
