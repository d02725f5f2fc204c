"""Turns an address into the codewords of a QR code: bytes, padding and Reed-Solomon correction (ISO/IEC 18004)."""

from functools import cache

LARGEST_VERSION = 20
# Level M, which bears 15 % of damage: correction codewords of each block and number of blocks, by version from 1.
_CORRECTION = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26)
_BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16)
_BYTE_MODE = 0b0100
_PADDING = (0xEC, 0x11)
_FIELD = 0x11D


def version_for(data: bytes) -> int:
    """The smallest version that holds the bytes; ValueError when they are too many."""
    for version in range(1, LARGEST_VERSION + 1):
        if len(data) <= _room(version) - (3 if version > 9 else 2):
            return version
    raise ValueError("too long for a code that a camera reads well")


def raw_modules(version: int) -> int:
    """How many modules of a version carry data or correction."""
    modules = (16 * version + 128) * version + 64
    if version >= 2:
        marks = version // 7 + 2
        modules -= (25 * marks - 10) * marks - 55
    return modules - 36 if version >= 7 else modules


def codewords(data: bytes, version: int) -> bytes:
    """Everything that goes into the code, blocks interleaved."""
    blocks = _split(_padded(data, version), version)
    corrected = [(block, _remainder(block, _CORRECTION[version - 1])) for block in blocks]
    longest = max(len(block) for block in blocks)
    content = [block[at] for at in range(longest) for block, _ in corrected if at < len(block)]
    correction = [rest[at] for at in range(_CORRECTION[version - 1]) for _, rest in corrected]
    return bytes(content + correction)


def _room(version: int) -> int:
    return raw_modules(version) // 8 - _CORRECTION[version - 1] * _BLOCKS[version - 1]


def _padded(data: bytes, version: int) -> bytes:
    room, width = _room(version), 16 if version > 9 else 8
    bits = f"{_BYTE_MODE:04b}{len(data):0{width}b}" + "".join(f"{byte:08b}" for byte in data)
    bits += "0" * min(4, room * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    return bytes(words + [_PADDING[at % 2] for at in range(room - len(words))])


def _split(data: bytes, version: int) -> list[bytes]:
    count = _BLOCKS[version - 1]
    short, longer = divmod(len(data), count)
    blocks, at = [], 0
    for number in range(count):
        size = short + (1 if number >= count - longer else 0)
        blocks.append(data[at : at + size])
        at += size
    return blocks


def _remainder(block: bytes, degree: int) -> bytes:
    divisor, rest = _divisor(degree), [0] * degree
    for byte in block:
        factor = byte ^ rest.pop(0)
        rest.append(0)
        rest = [kept ^ _times(part, factor) for kept, part in zip(rest, divisor, strict=True)]
    return bytes(rest)


@cache
def _divisor(degree: int) -> tuple[int, ...]:
    made, root = [0] * (degree - 1) + [1], 1
    for _ in range(degree):
        for at in range(degree):
            made[at] = _times(made[at], root) ^ (made[at + 1] if at + 1 < degree else 0)
        root = _times(root, 2)
    return tuple(made)


def _times(one: int, other: int) -> int:
    """The product in the field of 256 elements."""
    product = 0
    for bit in range(7, -1, -1):
        product = (product << 1) ^ ((product >> 7) * _FIELD)
        product ^= ((other >> bit) & 1) * one
    return product
