"""Pictures of the window in its states, kept for a person to look at."""

import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.driver import Driver
from tests.desktop.programs import wait_until
from tests.desktop.scene import Scene
from tests.desktop.session import Session

GROUND = {"light": "#F5F6F8", "dark": "#131519"}
SCHEMES = ("light", "dark")


class Camera:
    """Takes pictures of the screen once it shows what it should."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def take(self, driver: Driver, name: str, schemes: tuple[str, ...] = SCHEMES) -> None:
        """A picture in each scheme; the page's own ground tells that it was painted."""
        for scheme in schemes:
            driver.ask("scheme", scheme)
            path = self._folder / f"{name}-{scheme}.png"
            wait_until(partial(self._took, driver, path, scheme), f"{name} in {scheme}")
        driver.ask("scheme", None)

    def _took(self, driver: Driver, path: Path, scheme: str) -> bool:
        self._session.screenshot(path)
        x, y = driver.ask("ground")
        command = ["convert", str(path), "-crop", f"1x1+{x}+{y}", "-depth", "8", "txt:-"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return GROUND[scheme] in done.stdout


@pytest.fixture
def camera(session: Session, artefacts: Path) -> Camera:
    return Camera(session, artefacts)


def test_pictures_of_a_day_with_keyrack(scene: Scene, chromium: Chromium, camera: Camera, artefacts: Path) -> None:
    driver = scene.start()
    camera.take(driver, "overview-new")
    driver.click("account:Trading")
    driver.click("sign_in")
    driver.until_state("Trading", "signing_in", "browser")
    camera.take(driver, "waiting")
    chromium.open(scene.home.next_address())
    chromium.screenshot(artefacts / "chromium-consent.png")
    chromium.press("approve")
    chromium.until_at(f"http://127.0.0.1:{scene.port}/")
    chromium.screenshot(artefacts / "chromium-signed-in.png")
    driver.until("rows", "balances_table", bool, "balances")
    camera.take(driver, "pane-whitebit")
    for name in ("Main desk", "Trading EU"):
        scene.sign_in(driver, name)
        driver.until("rows", "balances_table", bool, "balances")
    driver.ask("open", "Main desk")
    driver.click("copy_token")
    scene.until_copied()
    camera.take(driver, "pane-probit-copied")
    scene.consent(driver, chromium, "Archive")
    chromium.press("approve")
    driver.until_state("Archive", "signing_in", "confirming")
    camera.take(driver, "confirm-bitport")
    driver.click("answer_yes")
    driver.until_said("Used", "Available")
    camera.take(driver, "pane-bitport")
    driver.ask("open", "Archive by code")
    camera.take(driver, "user-code")
    scene.sandbox.fault("whitebit", "*", "html:502")
    driver.ask("open", "Trading EU")
    driver.keys("F5")
    driver.until_state("Trading EU", "retrying")
    camera.take(driver, "pane-retrying")
    driver.ask("open", "")
    camera.take(driver, "overview")
    driver.ask("press", "add_account")
    camera.take(driver, "add-account")
    driver.ask("press", "provider:whitebit")
    driver.ask("press", "region:global")
    camera.take(driver, "add-credentials")


def test_pictures_of_the_smallest_window(scene: Scene, camera: Camera) -> None:
    driver = scene.start()
    scene.sign_in(driver, "Trading")
    driver.until("rows", "balances_table", bool, "balances")
    driver.resize(640, 420)
    camera.take(driver, "small-pane")
    driver.ask("open", "")
    camera.take(driver, "small-overview", ("light",))
