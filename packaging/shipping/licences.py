"""The licences of everything that a package holds, in the machine-readable form of Debian's copyright file (1.0)."""

from email.parser import HeaderParser
from pathlib import Path

# Licences whose text Debian keeps in /usr/share/common-licenses. PySide and Qt are taken under the LGPL.
COMMON = {"Apache-2.0": "Apache-2.0", "LGPL-3.0-only": "LGPL-3", "MPL-2.0": "MPL-2.0"}
# Wheels that name their licence by a classifier alone, and those with a choice: the one that is taken.
TAKEN = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache-2.0 OR BSD-3-Clause": "Apache-2.0",
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only": "LGPL-3.0-only",
}
QT = """\
Files: {site}/PySide6/Qt/*
Copyright: The Qt Company Ltd and other contributors
License: LGPL-3.0-only
Comment: Qt is linked dynamically, and its libraries can be replaced in this folder. Among them are
 ICU (libicu*, under the Unicode licence) and the parts that Qt's own attributions name.
"""
FACE = """\
Files: {site}/keyrack/_resources/fonts/*
Copyright: The Inter Project Authors
License: OFL-1.1
"""


class UnknownLicence(Exception):
    """A part names no licence that this file knows."""


def copyright_file(site: Path, place: str) -> str:
    """The text for a tree whose libraries lie in `site` and will lie at `place`.

    Raises UnknownLicence when a part names none.
    """
    parts = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: Keyrack\n",
        "Files: *\nCopyright: The Keyrack maintainers\nLicense: Apache-2.0\n",
        QT.format(site=place),
        FACE.format(site=place),
    ]
    texts = {"OFL-1.1": (site / "keyrack/_resources/fonts/OFL.txt").read_text("utf-8")}
    for folder in sorted(site.glob("*.dist-info")):
        name = folder.name.partition("-")[0]
        if name == "keyrack":
            continue
        licence = licence_of(folder)
        short = licence if licence in COMMON else f"{licence}-{name.replace('_', '-')}"
        files = sorted(path.name for path in site.iterdir() if path.name.split(".")[0].lower() in _modules(name))
        listed = " ".join([*(f"{place}/{file}{'/*' if (site / file).is_dir() else ''}" for file in files)])
        listed = f"{listed} {place}/{folder.name}/*".strip()
        parts.append(f"Files: {listed}\nCopyright: {_holders(folder)}\nLicense: {short}\n")
        if licence not in COMMON:
            texts[short] = "\n\n".join(path.read_text("utf-8") for path in _texts(folder))
    for short, common in sorted(COMMON.items()):
        texts[short] = f"On Debian systems the text is in /usr/share/common-licenses/{common}."
    parts += [f"License: {short}\n{_indented(text)}\n" for short, text in sorted(texts.items())]
    return "\n".join(parts)


def write_licences(site: Path, place: str, folder: Path) -> None:
    """Write the same text, and beside it those that it only names. Raises UnknownLicence when a part names none."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "keyrack.txt").write_text(copyright_file(site, place), "utf-8")
    for common in {*COMMON.values(), "GPL-3"}:  # the LGPL is an addition to the GPL
        (folder / f"{common}.txt").write_bytes((Path("/usr/share/common-licenses") / common).read_bytes())


def licence_of(folder: Path) -> str:
    """The SPDX name of the licence of a part, by the metadata of its wheel. Raises UnknownLicence when it has none."""
    headers = HeaderParser().parsestr((folder / "METADATA").read_text("utf-8"))
    classified = [
        line.rpartition(" :: ")[2] for line in headers.get_all("Classifier", []) if line.startswith("License ::")
    ]
    named = headers["License-Expression"] or headers["License"] or (classified or [""])[0]
    if not named:
        raise UnknownLicence(f"{folder.name} names no licence.")
    return TAKEN.get(named, named)


def _modules(name: str) -> set[str]:
    """The names below which a wheel's files lie, where they are not its own."""
    own = {
        "pyside6_essentials": {"pyside6"},
        "cffi": {"_cffi_backend"},
        "importlib_metadata": {"importlib_metadata"},
        "backports.tarfile": {"backports"},
        "jaraco.classes": {"jaraco"},
    }
    return own.get(name, {name.lower()})


def _texts(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*") if path.name.upper().startswith(("LICEN", "COPYING")) and path.is_file()
    )


def _holders(folder: Path) -> str:
    """The lines of its licence that name who holds the rights, else its authors as the metadata names them."""
    lines = [line.strip(" *#") for path in _texts(folder) for line in path.read_text("utf-8").splitlines()]
    held = [line for line in lines if line.lower().startswith("copyright") and any(map(str.isdigit, line))]
    headers = HeaderParser().parsestr((folder / "METADATA").read_text("utf-8"))
    authors = (
        headers["Author"] or headers["Author-email"] or headers["Maintainer"] or f"the authors of {headers['Name']}"
    )
    return "\n ".join(dict.fromkeys(held)) or authors.partition("<")[0].strip(' "') or authors


def _indented(text: str) -> str:
    return "\n".join(f" {line.rstrip()}" if line.strip() else " ." for line in text.strip().splitlines())
