"""Which libraries a program for Windows or macOS names, read from the file itself: this system's loader cannot say.

Sources: Microsoft's PE format (import directory), Apple's mach-o/loader.h and mach-o/fat.h.
"""

import struct
from pathlib import Path

_FAT = 0xCAFEBABE
_MACH_O = 0xFEEDFACF  # 64 bits, in the order of bytes of the reader
# LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB
_LOADS = (0x0C, 0x80000018, 0x8000001F)
_MACHINES = {0x8664: "x86_64", 0xAA64: "arm64", 0x014C: "x86"}
_PROCESSORS = {0x01000007: "x86_64", 0x0100000C: "arm64"}


def kind(path: Path) -> str:
    """`windows`, `macos` or `linux` for a program or library of that system, else ""."""
    with path.open("rb") as file:
        head = file.read(8)
    if head[:2] == b"MZ":
        return "windows"
    if head[:4] == b"\x7fELF":
        return "linux"
    fat = struct.unpack(">II", head) if len(head) == 8 else (0, 0)
    if head[:4] == struct.pack("<I", _MACH_O) or (fat[0] == _FAT and fat[1] < 20):  # a Java class begins alike
        return "macos"
    return ""


def imports(path: Path) -> set[str]:
    """The file names of the libraries that it names, such as Qt6Core.dll or QtCore."""
    data = path.read_bytes()
    if kind(path) == "windows":
        return _of_windows(data)
    return {name.rpartition("/")[2] for begin in _slices(data).values() for name in _of_macos(data, begin)}


def machines(path: Path) -> set[str]:
    """The processors that it is for."""
    data = path.read_bytes()
    if kind(path) == "windows":
        (header,) = struct.unpack_from("<I", data, 60)
        (machine,) = struct.unpack_from("<H", data, header + 4)
        return {_MACHINES.get(machine, hex(machine))}
    return set(_slices(data))


def _of_windows(data: bytes) -> set[str]:
    (header,) = struct.unpack_from("<I", data, 60)
    sections, optional = struct.unpack_from("<H", data, header + 6)[0], struct.unpack_from("<H", data, header + 20)[0]
    wide = struct.unpack_from("<H", data, header + 24)[0] == 0x20B
    (table,) = struct.unpack_from("<I", data, header + 24 + (112 if wide else 96) + 8)
    ranges = [struct.unpack_from("<IIII", data, header + 24 + optional + 40 * number + 8) for number in range(sections)]

    def at(address: int) -> int:
        for size, begin, raw_size, raw in ranges:
            if begin <= address < begin + max(size, raw_size):
                return int(address - begin + raw)
        return 0

    found: set[str] = set()
    entry = at(table) if table else 0
    while entry:
        (name,) = struct.unpack_from("<I", data, entry + 12)
        if not name:
            break
        found.add(_text(data, at(name)))
        entry += 20
    return found


def _slices(data: bytes) -> dict[str, int]:
    """Where the part for each processor begins."""
    if struct.unpack_from(">I", data)[0] != _FAT:
        return {_PROCESSORS.get(struct.unpack_from("<I", data, 4)[0], "other"): 0}
    (count,) = struct.unpack_from(">I", data, 4)
    parts = [struct.unpack_from(">IIIII", data, 8 + 20 * number) for number in range(count)]
    return {_PROCESSORS.get(processor, "other"): begin for processor, _, begin, _, _ in parts}


def _of_macos(data: bytes, begin: int) -> set[str]:
    (count,) = struct.unpack_from("<I", data, begin + 16)
    found: set[str] = set()
    at = begin + 32
    for _ in range(count):
        command, size = struct.unpack_from("<II", data, at)
        if command in _LOADS:
            found.add(_text(data, at + struct.unpack_from("<I", data, at + 8)[0]))
        at += size
    return found


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode("utf-8", "replace")
