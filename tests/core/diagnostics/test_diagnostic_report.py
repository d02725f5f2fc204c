"""The report tells what helps, and nothing of the person's."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import Active, LoggedOut, Reason, Retrying
from keyrack.core.diagnostics.diagnostic_report import HEAD, diagnostics, diagnostics_without_rack
from keyrack.core.system.log import FILE_NAME
from keyrack.core.system.paths import Paths
from keyrack.net.network_errors import Unreachable
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.secret import Secret
from keyrack.providers.holding import Holding
from tests.core.conftest import harness, running_sandbox, sandbox
from tests.core.harness import CoreHarness

__all__ = ["harness", "running_sandbox", "sandbox"]
WHY = Unreachable("probit.example", "Keyrack connects directly.", detail="ConnectError")


def lines(text: str, heading: str) -> list[str]:
    """The lines below a heading, without their indentation and with single spaces."""
    return [" ".join(line.split()) for line in text.partition(f"\n{heading}\n")[2].partition("\n\n")[0].splitlines()]


async def troubled(harness: CoreHarness) -> None:
    """Three accounts: one that is tried again, one that is signed out, one that works."""
    first = await harness.signed_in("probit", "client_credentials")
    assert isinstance(first.state, Active)
    first.become(Active(first.state.credential, Retrying(harness.clock.elapsed + 30, WHY)), expected=first.state)
    first.note("renewal_failed", why=WHY)
    first.note("renewal_failed", why=WHY)
    first.show_balances(Balances((Holding("BTC", Decimal("31337.25"), Decimal("31337.25"), "Main"),), 1.0, "poll"))
    second = await harness.signed_in("probit", "client_credentials")
    second.become(
        LoggedOut(Reason.REFRESH_REJECTED, ClientRejected("client_rejected", server="x")), expected=second.state
    )


async def test_it_counts_states_and_errors_by_their_codes(harness: CoreHarness) -> None:
    await troubled(harness)
    text = diagnostics(harness.rack, {"Runs": "window", "Tray": "StatusNotifier"})
    assert text.startswith(HEAD)
    assert lines(text, "Accounts by provider and state") == ["probit 1 needs_login (refresh_rejected), 1 retrying"]
    assert lines(text, "What keeps accounts from working") == [
        "probit 1 × client_rejected",
        f"probit 1 × {WHY.code}",
    ]
    (newest, *_) = lines(text, "Last errors, newest first")
    assert re.fullmatch(rf"[\d-]+ [\d.]+ UTC probit, 2 × renewal_failed because of {WHY.code}", newest)
    here = lines(text, "This Keyrack")
    assert {"Runs window", "Tray StatusNotifier", "Keyring memory", "Accounts 2", "Connection none"} <= set(here)
    assert any(line.startswith("Python 3.") for line in lines(text, "Versions"))
    assert any(line.startswith("cryptography ") for line in lines(text, "Versions"))


@pytest.mark.security("S105", "S106")
async def test_it_holds_nothing_of_the_persons_own(harness: CoreHarness) -> None:
    """S106: no secret, path, balance, account id or name, whatever an account is called."""
    await troubled(harness)
    for account in harness.rack.accounts:
        account.configure(replace(account.settings, name=f"Canary {account.id}", identity="canary@example.org"))
    paths = harness.rack.parts.account_store.paths
    paths.logs.mkdir(parents=True, exist_ok=True)
    (paths.logs / FILE_NAME).write_text("2026-11-29 10:00:00,123 WARNING keyrack.core: the canary sang\n")
    given = Secret("canary-live-secret")
    text = diagnostics(harness.rack, {"Style": f"Fusion {given.reveal()}", "Tray": "access_token=canary-in-an-address"})
    assert "canary" not in text.lower()
    assert "31337" not in text
    for account in harness.rack.accounts:
        assert account.id not in text
        assert account.settings.client_id not in text
    assert str(Path.home()) not in text
    assert str(paths.state) not in text
    assert lines(text, "Complaints in the log") == ["keyrack.core 1 WARNING"]


@pytest.mark.security("S106")
async def test_a_provider_of_ones_own_is_not_named(harness: CoreHarness) -> None:
    account = await harness.add("probit", "client_credentials")
    account.configure(replace(account.settings, provider="canary-exchange"))
    account.note("renewal_failed", why=WHY)
    text = diagnostics(harness.rack, {})
    assert "canary" not in text
    assert lines(text, "Accounts by provider and state") == ["a provider of one's own 1 needs_login (new)"]


def test_without_a_keyrack_it_says_what_can_be_told(tmp_path: Path) -> None:
    places = Paths(tmp_path / "config", tmp_path / "state", tmp_path / "run", tmp_path / "logs")
    places.config.mkdir()
    (places.config / "accounts.json").write_bytes(b"{}")
    text = diagnostics_without_rack(places)
    assert lines(text, "This Keyrack") == ["Runs no"]
    assert "Accounts file 1 with 2 bytes" in lines(text, "Files")
    assert lines(text, "Complaints in the log") == ["Log it cannot be read"]
