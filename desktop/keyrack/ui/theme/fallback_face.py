"""The face of the texts where the system has none that is made for screens: Inter, which is under resources/fonts."""

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from keyrack.resources import resource

# What a bare Debian has: wide letters, and a bold weight alone between the two of the design.
_BARE = ("dejavu sans", "bitstream vera sans")
_FILES = ("fonts/Inter-Regular.otf", "fonts/Inter-SemiBold.otf")


def face_for(font: QFont) -> QFont:
    """The system's font, or Inter at its size where the system has only a bare face. Other scripts stay the system's.

    The two files are read only then.
    """
    if QFontInfo(font).family().lower() not in _BARE:
        return font
    added = [QFontDatabase.addApplicationFont(str(resource(name))) for name in _FILES]
    families = QFontDatabase.applicationFontFamilies(added[0]) if min(added) >= 0 else []
    face = QFont(font)
    face.setFamilies([*families, *font.families()])
    return face
