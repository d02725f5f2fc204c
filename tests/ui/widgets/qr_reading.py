"""Reads a QR code's modules back from its picture, and knows some codes of an encoder that Keyrack does not use."""

from hashlib import sha256

from PySide6.QtWidgets import QWidget

PAGE = "https://auth.example.org/oauth/device/code"
PAGE_WITH_CODE = f"{PAGE}?user_code=TSGX-JDKN"
WIDER = "https://example.org/" + "a" * 193
# Checksums by the Python package qrcode 8.2 (level M, byte mode), one for each of the eight masks: which mask is drawn
# is the encoder's choice. Each address fills its version, because encoders pad differently what is left over.
KNOWN = {
    PAGE: {
        *("502293f5c888c132", "adb57c81a5661921", "81afa2a326702160", "14cc3444a3e69ec7"),
        *("ae58bfe8cbae4c98", "8b5be5681cd48971", "9af8da881446c695", "bddf63e8f81ee698"),
    },
    PAGE_WITH_CODE: {
        *("1843f75832d59549", "67cf3bb3e05da992", "3a69fca496b78f2c", "5bc105cd55d40d01"),
        *("13fa8e0624a04ec6", "e82449946da71b18", "40e13b72ed8ea199", "2ab34c9d13f6c40d"),
    },
    WIDER: {
        *("8b70575c7fcb8674", "b023461b829b80cb", "d014cd387685b46f", "2f863c544400ec5d"),
        *("825d717306f3c0cb", "79eef8b79340ff97", "f82bd6bad501c5aa", "3ab2c662daa830f4"),
    },
}
QUIET = 4
_FINDER = 7
_ROUND = 7
_DARK_BELOW, _LIGHT_ABOVE = 60, 240


def drawn_modules(view: QWidget) -> list[list[bool]]:
    """The rows of modules of the picture, True for dark.

    Fails unless each is dark on light, a whole number of pixels wide, and all lie inside four light modules.
    The outermost corners are left out: there the picture is round and shows what lies behind it.
    """
    picture = view.grab().toImage()
    size = picture.width()
    assert picture.height() == size

    def dark(x: int, y: int) -> bool:
        shade = picture.pixelColor(x, y).lightness()
        assert shade < _DARK_BELOW or shade > _LIGHT_ABOVE, (x, y, shade)
        return shade < _DARK_BELOW

    # The upper left finder is a square of seven modules, the first dark thing on the diagonal.
    start = next(at for at in range(_ROUND, size) if dark(at, at))
    width = next(at for at in range(start, size) if not dark(at, start)) - start
    module, rest = divmod(width, _FINDER)
    assert (rest, start) == (0, QUIET * module)
    count, rest = divmod(size, module)
    assert rest == 0
    middles = [at * module + module // 2 for at in range(count)]
    inside = range(QUIET, count - QUIET)
    for at in range(QUIET):
        sides = [(middles[at], middles[along]) for along in inside] + [
            (middles[-1 - at], middles[along]) for along in inside
        ]
        assert not any(dark(x, y) or dark(y, x) for x, y in sides)
    return [[dark(middles[x], middles[y]) for x in inside] for y in inside]


def checksum(grid: list[list[bool]]) -> str:
    """The first digits of a checksum over all modules."""
    return sha256("".join("01"[dark] for row in grid for dark in row).encode()).hexdigest()[:16]
