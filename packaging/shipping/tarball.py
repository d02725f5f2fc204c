"""The tarball: a folder that runs from wherever it is unpacked, without root."""

import tempfile
from pathlib import Path

from shipping.archive import write_tar_gz
from shipping.checkout_copy import Checkout
from shipping.program_tree import make_tree, target, write_command

# A script's first line cannot name its interpreter relative to itself, so a shell finds the folder first.
COMMAND = """\
#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
if ! [ -x "$here/python3" ]; then
    echo "Keyrack needs Python {python} as /usr/bin/python{python}; on Debian: sudo apt install python{python}" >&2
    exit 1
fi
exec "$here/python3" -I -m keyrack "$@"
"""


def make_tarball(source: Checkout, out: Path, wheels: Path) -> list[Path]:
    """Write the tarball and return it."""
    aim = target()
    name = f"keyrack-{source.version}-linux-{aim.machine}-python{aim.python}"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, name)
        make_tree(source, wheels, folder, ".")
        write_command(folder, COMMAND.format(python=aim.python))
        for page in ("README.md", "LICENSE"):
            (folder / page).write_bytes((source.root / page).read_bytes())
        archive = out / f"{name}.tar.gz"
        write_tar_gz(folder, archive, source.epoch)
    return [archive]
