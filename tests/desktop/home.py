"""A private home on the shared desktop, with a browser that only notes where it was sent."""

import shutil
from pathlib import Path

from tests.desktop.programs import wait_until


class Home:
    """One person's folders. `env` is the environment of a Keyrack that is started there."""

    def __init__(self, folder: Path, session_env: dict[str, str]) -> None:
        self.folder = folder
        self.runtime = folder / "run"
        self.addresses = folder / "addresses"
        self.browser = folder / "browser"
        self.log = folder / "output.log"
        self.env = {
            **session_env,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CONFIG_HOME": str(folder / ".config"),
            "XDG_DATA_HOME": str(folder / ".local/share"),
            "XDG_STATE_HOME": str(folder / ".local/state"),
            "XDG_CACHE_HOME": str(folder / ".cache"),
            "TMPDIR": str(folder / "tmp"),
            "BROWSER": str(self.browser),
        }
        self.runtime.mkdir(mode=0o700, parents=True)
        (folder / "tmp").mkdir()
        self.browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{self.addresses}"\n')
        self.browser.chmod(0o700)

    def next_address(self) -> str:
        """The oldest address the person's browser was given and that was not taken yet."""

        def noted() -> list[str]:
            return self.addresses.read_text().splitlines() if self.addresses.is_file() else []

        first, *rest = wait_until(noted, "an address for the browser")
        self.addresses.write_text("".join(f"{line}\n" for line in rest))
        return first

    def logged(self) -> str:
        """Everything that Keyrack wrote into its log."""
        return "".join(path.read_text("utf-8") for path in self.folder.rglob("keyrack.log"))

    def remove(self) -> None:
        """Delete it with the folder made for it."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)
