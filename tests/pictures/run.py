"""Takes the README's pictures of the overview and of an account's pane, in light and in dark, over the sandbox.

The lifetimes are the documented ones, so that a picture shows what a person sees.
"""

import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from keyrack.ui.theme.palette import DARK, LIGHT
from tests.checkout import ROOT
from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.programs import wait_until
from tests.desktop.session import Session
from tests.sandbox_process import RunningSandbox

FOLDER = ROOT / "resources" / "pictures"
SHOWN = "Trading"
# Those that need no code, no QR code and no key of their own.
SIGNED_IN = (
    *("Main desk", "Seoul desk", "Archive", SHOWN, "Trading EU", "Gemini savings", "Deribit test", "Kraken"),
    *("Uphold cards", "Alpaca paper"),
)
GROUNDS: dict[str, str] = {palette.name: palette.ground.name().upper() for palette in (LIGHT, DARK)}
# Of WhiteBIT's 300 s, so that the ring has visibly moved.
LEFT = 255.0
PATIENCE = 120.0
# Where the mouse marks nothing.
CORNER = (1279, 799)


def main(arguments: Sequence[str]) -> int:
    """Take them into the folder that is named, else into the README's."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kp-", ignore_cleanup_errors=True) as home:
        session = Session(Path(home))
        try:
            session.start()
            with RunningSandbox.start() as sandbox:
                _take(session, sandbox, folder)
        finally:
            session.stop()
    return 0


def _take(session: Session, sandbox: RunningSandbox, folder: Path) -> None:
    scene = Environment(session.env, session.keyring, sandbox)
    try:
        driver = scene.start()
        scene.until_all_accounts(driver)
        for account in SIGNED_IN:
            scene.sign_in(driver, account)
        driver.until("state", SHOWN, lambda state: state["left"] <= LEFT, "the token to have aged", PATIENCE)
        driver.move_to(*CORNER)
        driver.ask("open", SIGNED_IN[0])  # which scrolls the list back to its beginning
        for name, account in (("overview", ""), ("pane", SHOWN)):
            driver.ask("open", account)
            if account:
                driver.until("rows", "balances_table", bool, "balances")
            for scheme in GROUNDS:
                _picture(session, driver, scheme, folder / f"{name}-{scheme}.png")
    finally:
        scene.close()


def _picture(session: Session, driver: Driver, scheme: str, path: Path) -> None:
    """The window without its frame, once the page's own ground shows that it was painted in this scheme."""
    driver.ask("scheme", scheme)
    ground: list[int] = driver.ask("ground")
    wait_until(partial(_shows, session, ground, GROUNDS[scheme]), f"the window in {scheme}")
    window = session.programs.ask("xdotool", "search", "--onlyvisible", "--pid", str(driver.pid), "--name", "Keyrack")
    session.programs.ask("import", "-window", window.split()[0], "-strip", str(path))
    print(path)


def _shows(session: Session, ground: list[int], colour: str) -> bool:
    return session.colour(*ground) == colour


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
