"""Starts a server that we did not write from its folder here, waits until it accepts, and ends it by its input."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.free_port import free_port
from tests.independent.environments import python_of
from tests.independent.node_package import packages_of

HERE = Path(__file__).parent


class ForeignServer:
    """The process of one server.

    `issuer` is its address, `redirect` the one that its clients have registered. Skips the test where its packages
    cannot be fetched.
    """

    def __init__(self, name: str) -> None:
        self.name, self.folder = name, HERE / name
        self.redirect = f"http://127.0.0.1:{free_port()}/cb/{name.replace('_', '-')}"
        with tempfile.TemporaryFile("w+") as said:
            self.process = subprocess.Popen(
                self._command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True
            )
            line = self._line()
            if not line:
                self.close()
            said.seek(0)
            assert line, said.read()[-4000:]
        self.issuer = str(json.loads(line)["issuer"])

    def _command(self) -> list[str]:
        if (self.folder / "package.json").exists():
            packages = packages_of(f"servers/{self.name}")
            _put(HERE / "serve.mjs", packages)
            _put(self.folder / "server.mjs", packages)
            return ["node", str(packages / "serve.mjs"), self.redirect]
        (lock,) = self.folder.glob("*.txt")
        python = python_of(f"servers/{self.name}/{lock.name}")
        return [str(python), "-I", str(HERE / "serve.py"), str(self.folder), self.redirect]

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def close(self) -> None:
        """End it by its standard input."""
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.wait(20)


def _put(file: Path, folder: Path) -> None:
    """Lay a copy of a script beside the packages that it imports, whole even while another run reads it."""
    new = folder / f"{file.name}.{os.getpid()}"
    shutil.copy(file, new)
    new.replace(folder / file.name)
