"""Pictures of the window in its states, kept for a person to look at."""

from functools import partial
from pathlib import Path

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.programs import wait_until
from tests.desktop.session import Session

GROUND = {"light": "#F5F6F8", "dark": "#131519"}
BOTH = ("light", "dark")


class Camera:
    """Takes pictures of the screen once it shows what it should."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def take(self, driver: Driver, name: str, *schemes: str) -> None:
        """A picture in each scheme, light if none is named. The page's own ground shows that it was painted."""
        for scheme in schemes or ("light",):
            driver.ask("scheme", scheme)
            wait_until(partial(self._shows, driver.ask("ground"), scheme), f"{name} in {scheme}")
            self._session.screenshot(self._folder / f"{name}-{scheme}.png")
        driver.ask("scheme", None)

    def _shows(self, ground: list[int], scheme: str) -> bool:
        return self._session.colour(*ground) == GROUND[scheme]


@pytest.fixture
def camera(session: Session, artefacts: Path) -> Camera:
    return Camera(session, artefacts)


def test_pictures_of_a_day_with_keyrack(
    shared: Environment, driver: Driver, chromium: Chromium, camera: Camera, artefacts: Path
) -> None:
    camera.take(driver, "overview-new")
    driver.open_account("Trading")
    driver.click("sign_in")
    driver.until_state("Trading", "signing_in", "browser")
    camera.take(driver, "waiting", *BOTH)
    chromium.open(shared.home.next_address())
    chromium.screenshot(artefacts / "chromium-consent.png")
    chromium.press("approve")
    chromium.until_at(f"http://127.0.0.1:{shared.port}/")
    chromium.screenshot(artefacts / "chromium-signed-in.png")
    driver.until("rows", "balances_table", bool, "balances")
    camera.take(driver, "pane-whitebit", *BOTH)
    for name in ("Main desk", "Trading EU"):
        shared.sign_in(driver, name)
        driver.until("rows", "balances_table", bool, "balances")
    driver.ask("open", "Main desk")
    driver.click("copy_token")
    shared.clipboard.until_copied()
    camera.take(driver, "pane-probit-copied")
    shared.consent(driver, chromium, "Archive")
    chromium.press("approve")
    driver.until_state("Archive", "signing_in", "confirming")
    camera.take(driver, "confirm-bitport")
    driver.click("answer_yes")
    driver.until_said("Used", "Available")
    camera.take(driver, "pane-bitport")
    driver.ask("open", "Archive by code")
    camera.take(driver, "user-code", *BOTH)
    shared.sandbox.fault("whitebit", "*", "html:502")
    driver.ask("open", "Trading EU")
    driver.keys("F5")
    driver.until_state("Trading EU", "retrying")
    camera.take(driver, "pane-retrying", *BOTH)
    driver.ask("open", "")
    camera.take(driver, "overview", *BOTH)
    driver.ask("press", "add_account")
    camera.take(driver, "add-account")
    driver.ask("press", "provider:whitebit")
    driver.ask("press", "region:global")
    camera.take(driver, "add-credentials")


def test_pictures_of_the_smallest_window(shared: Environment, driver: Driver, camera: Camera) -> None:
    shared.sign_in(driver, "Trading")
    driver.until("rows", "balances_table", bool, "balances")
    driver.resize(640, 420)
    camera.take(driver, "small-pane", *BOTH)
    driver.ask("open", "")
    camera.take(driver, "small-overview")
    driver.resize(1000, 680)
