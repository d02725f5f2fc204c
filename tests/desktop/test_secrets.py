"""Secrets are in the real Secret Service and nowhere else."""

import json
import stat
from typing import Any

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.driver import Driver
from tests.desktop.environment import SERVICE, Environment
from tests.desktop.secrecy import files, found_in, shown_by

SIGNED_IN = ("Main desk", "Trading", "Archive")


def _confidential(environment: Environment) -> list[dict[str, Any]]:
    """The clients that have a secret at all (RFC 6749 section 2.1)."""
    return [client for client in environment.clients if client["client_secret"]]


def _secrets(environment: Environment, driver: Driver) -> dict[str, str]:
    """Every secret of the signed-in accounts, by what it is."""
    found = {client["client_id"]: client["client_secret"] for client in _confidential(environment)}
    for name in SIGNED_IN:
        record = environment.record(driver, name)
        found |= {f"{name} {kind}": record[kind] for kind in ("refresh", "access") if kind in record}
        driver.ask("open", name)
        driver.ask("press", "copy_token")
        driver.until("text", "copy_token", lambda text: text.startswith("Copied"), f"the token of {name} to be copied")
        found[f"{name} copied"] = environment.clipboard.read()
    return found


@pytest.mark.security("S62", "S64", "S65", "S66", "S90", "S108")
def test_secrets_are_in_the_secret_service_and_nowhere_else(
    shared: Environment, driver: Driver, chromium: Chromium
) -> None:
    shared.consent(driver, chromium, "Trading")
    chromium.press("approve")
    chromium.until_at(f"http://127.0.0.1:{shared.port}/")
    driver.until_state("Trading", "ready")
    for name in ("Main desk", "Archive"):
        shared.sign_in(driver, name)
    secrets = _secrets(shared, driver)
    assert {"Trading refresh", "Archive access", "Trading copied", "Main desk copied"} <= set(secrets)
    assert all(len(secret) >= 16 for secret in secrets.values())

    assert found_in(files(shared.home.folder), secrets.values()) == []
    assert found_in(shown_by(driver.pid), secrets.values()) == []

    kept = {name: json.dumps(shared.record_of(id)) for name, id in shared.ids().items()}
    for client in _confidential(shared):
        assert any(json.dumps(client["client_secret"])[1:-1] in text for text in kept.values())
    # What can be made again is not stored (S65): WhiteBIT and ProBit keep no access token.
    for name in ("Trading", "Main desk"):
        assert secrets[f"{name} copied"] not in kept[name]
    assert secrets["Archive copied"] in kept["Archive"]


@pytest.mark.security("S64")
def test_an_item_is_named_by_nothing_but_our_name_and_a_random_id(shared: Environment, driver: Driver) -> None:
    shared.sign_in(driver, "Main desk")
    id = driver.ask("state", "Main desk")["id"]
    printed = shared.keyring.search(service=SERVICE, username=id)
    described = "\n".join(line for line in printed.splitlines() if not line.startswith("secret = "))
    client = shared.clients[0]
    for telling in ("Main desk", "probit", client["client_id"], "example.org"):
        assert telling.lower() not in described.lower()
    assert SERVICE in described
    assert id in described


@pytest.mark.security("S67", "S82", "S83")
def test_files_and_socket_are_for_their_owner_alone(shared: Environment, driver: Driver) -> None:
    shared.sign_in(driver, "Main desk")
    accounts = shared.home.folder / ".config/keyrack-sandbox/accounts.json"
    socket = shared.home.runtime / "keyrack-sandbox/keyrack.sock"
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert stat.S_IMODE(accounts.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    ours = [path for path in shared.home.folder.rglob("*") if "keyrack" in path.name and path.is_file()]
    assert [path for path in ours if path.stat().st_mode & 0o077] == []
