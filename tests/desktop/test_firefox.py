"""Signing in with a real Firefox that asks for HTTPS wherever it can, which the loopback address has not."""

from collections.abc import Iterator

import pytest

from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.firefox import Firefox
from tests.desktop.session import Session


@pytest.fixture
def firefox(session: Session) -> Iterator[Firefox]:
    firefox = Firefox(session.env, {"dom.security.https_only_mode": True})
    yield firefox
    firefox.close()


@pytest.mark.security("S20", "S21")
def test_whitebit_signs_in_when_approve_is_pressed(shared: Environment, driver: Driver, firefox: Firefox) -> None:
    driver.open_account("Trading")
    driver.click("sign_in")
    driver.until_shown("open_again")
    assert firefox.open(shared.home.next_address()).url.startswith(shared.sandbox.base("whitebit"))
    firefox.press("approve")
    seen = firefox.until_at(f"http://127.0.0.1:{shared.port}/")
    assert "You are signed in" in seen.text
    for telling in ("?", "code", "state", "error"):
        assert telling not in seen.url
    assert driver.until_state("Trading", "ready")["left"] > 200
    driver.until("rows", "balances_table", lambda rows: any("BTC" in row for row in rows), "balances")
    assert len(shared.log("whitebit", "token")) == 1
    assert not [row for row in shared.log() if row["unexpected"]]
