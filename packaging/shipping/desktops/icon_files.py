"""The icon as Windows and macOS want it: pictures of several sizes in one file, drawn from the SVG by Qt."""

import struct
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import stamps
from shipping.checkout_copy import BuildError

_DRAW = """\
import sys
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
drawn = QSvgRenderer(sys.argv[1])
for size in map(int, sys.argv[3:]):
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    drawn.render(painter, QRectF(0, 0, size, size))
    painter.end()
    assert image.save(f"{sys.argv[2]}/{size}.png")
"""
_OF_WINDOWS = (16, 24, 32, 48, 256)
_OF_MACOS = {128: b"ic07", 256: b"ic08", 512: b"ic09", 1024: b"ic10"}


def ico(svg: Path) -> bytes:
    """The icon for Windows: a directory of PNG pictures (Microsoft, ICONDIR and ICONDIRENTRY)."""
    pictures = drawn(svg, _OF_WINDOWS)
    at = 6 + 16 * len(pictures)
    entries, content = b"", b""
    for size, picture in zip(_OF_WINDOWS, pictures, strict=True):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at + len(content))
        content += picture
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + content


def icns(svg: Path) -> bytes:
    """The icon for macOS: PNG pictures, each behind its type and its length (Apple Icon Image format)."""
    pictures = drawn(svg, tuple(_OF_MACOS))
    parts = b"".join(
        kind + struct.pack(">I", len(picture) + 8) + picture
        for kind, picture in zip(_OF_MACOS.values(), pictures, strict=True)
    )
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts


def drawn(svg: Path, sizes: Sequence[int]) -> list[bytes]:
    """The picture as PNG, in each of these sizes in pixels. Raises BuildError where Qt cannot draw here."""
    with tempfile.TemporaryDirectory() as folder:
        command = [stamps.PYTHON, "-I", "-c", _DRAW, str(svg), folder, *map(str, sizes)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildError(f"The icon cannot be drawn: {done.stderr.strip()}")
        return [Path(folder, f"{size}.png").read_bytes() for size in sizes]
