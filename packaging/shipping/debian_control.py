"""The control files of the package for Debian: who it is, what it depends on, and what it says when it goes."""

import re
import subprocess
import tempfile
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from shipping.checkout_copy import BuildError, Checkout

MAINTAINER = "The Keyrack maintainers <maintainers@keyrack.example>"  # the format wants an address, and none is public
CONTROL = """\
Package: keyrack
Version: {version}
Architecture: {machine}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: python{python}, {depends}
Recommends: fonts-dejavu-core, gnome-keyring | org.freedesktop.secrets, {recommends}
Suggests: xdg-desktop-portal
Section: utils
Priority: optional
Description: keeps the tokens of your exchanges and services fresh
 Keyrack signs in to accounts at exchanges and online services by OAuth, keeps
 their short-lived access tokens fresh from the system tray, and shows how long
 each one lives and what the account holds. Programs ask the running Keyrack
 for a fresh token by a command or a local socket.
 .
 Secrets stay in the keyring of the system. The package brings what it uses of
 Qt and of other libraries, and downloads nothing.
"""
POSTRM = """\
#!/bin/sh
set -e
if [ "$1" = remove ]; then
    echo "Keyrack was removed. What is each person's own stays: ~/.config/keyrack, ~/.local/state/keyrack,"
    echo "the entries of Keyrack in the keyring, and a start at sign-in in ~/.config/autostart."
fi
"""
OVERRIDES = """\
# The package is self-contained: it brings the versions of Qt and of the libraries that the lock names, each checked by
# its hash, in a private folder. They find each other by $ORIGIN and are no libraries of the system.
keyrack: embedded-library *
keyrack: custom-library-search-path *
keyrack: library-not-linked-against-libc *
# The data of ICU are a library without any code.
keyrack: shared-library-lacks-prerequisites *
# The libraries come as binaries from their makers, who choose the options of their compilers.
keyrack: hardening-no-fortify-functions *
keyrack: hardening-no-bindnow *
keyrack: hardening-no-pie *
# The byte code is compiled when the package is built, so that nothing is written at installation or at a start. It is
# never compared with its source (PEP 552, unchecked), and the same commit gives the same bytes.
keyrack: package-installs-python-pycache-dir *
keyrack: package-installs-python-bytecode *
# The command belongs to the private environment, whose Python is the system's.
# It is the one minor version that the package depends on, and not whichever python3 stands for.
keyrack: python3-script-but-no-python3-dep *
keyrack: wrong-path-for-interpreter *
# The face is a part of Inter, with fewer letters, under the names by which the program loads it.
keyrack: duplicate-font-file *
"""
_ASIDE = ("platformthemes/", "platforminputcontexts/")  # plug-ins that Qt leaves aside where they cannot load


def dependencies(root: Path) -> dict[str, str]:
    """What the libraries below the root are linked against, as `depends` and `recommends`.

    A library that only a plug-in needs is recommended where Qt goes on without the plug-in. Raises BuildError for a
    library that no package of this system has.
    """
    libraries = sorted(path for path in root.rglob("*.so*") if path.is_file())
    folders = sorted({path.parent for path in libraries})
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "debian").mkdir()
        Path(scratch, "debian/control").write_text("Source: keyrack\n\nPackage: keyrack\nArchitecture: any\n")
        command = ["dpkg-shlibdeps", "-O", f"-S{root}", *(f"-l{folder}" for folder in folders)]
        for path in libraries:
            field = "Recommends" if any(word in str(path) for word in _ASIDE) else "Depends"
            command += [f"-d{field}", str(path)]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    if done.returncode:
        wrong = [line for line in done.stderr.splitlines() if "error" in line] or [done.stderr.strip()]
        raise BuildError("\n".join(wrong))
    found = dict(re.findall(r"^shlibs:(\w+)=(.*)$", done.stdout, re.MULTILINE))
    return {"depends": found.get("Depends", ""), "recommends": found.get("Recommends", "")}


def changelog(source: Checkout) -> str:
    """Debian's changelog, with the notes of this version from `CHANGELOG.md`."""
    notes = (source.root / "CHANGELOG.md").read_text("utf-8")
    own = notes.partition(f"\n## [{source.version}]")[2].partition("\n## [")[0]
    items = [" ".join(item.split()) for item in re.findall(r"^- (.+(?:\n  .+)*)", own, re.MULTILINE)]
    lines = "\n".join(_wrapped(item) for item in items or ["See CHANGELOG.md."])
    dated = format_datetime(datetime.fromtimestamp(source.epoch, UTC))
    return f"keyrack ({source.version}) stable; urgency=medium\n\n{lines}\n\n -- {MAINTAINER}  {dated}\n"


def _wrapped(item: str) -> str:
    return textwrap.fill(item, 79, initial_indent="  * ", subsequent_indent="    ")
