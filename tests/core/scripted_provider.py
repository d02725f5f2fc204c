"""A rack with one provider of the person's own file, whose server answers what the test says."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import FlowName
from keyrack.startup.sandbox_accounts import store_provider_files
from tests.core.harness import CoreHarness
from tests.recording_server import RecordedRequest, RecordingServer, Write, answer, recording
from tests.sandbox_process import RunningSandbox

FILE = """
id = "scripted"
name = "Scripted"
monogram = "S"
documentation = "https://docs.scripted.example"
checked = 2026-11-29
{top}
[regions.global]
name = "Global"
token_endpoint = "{base}/token"
revocation_endpoint = "{base}/revoke"
api = "{base}/api"
test = true

[flows.{flow}]
title = "Invented"
credentials_help = "Invented."
needs_secret = {needs_secret}

[dialect]
{dialect}

[[balances]]
path = "/figures"
shape = "array"
asset = "coin"
total = "total"
"""
FIGURES = [{"coin": "BTC", "total": "2"}]
TOKEN = {"access_token": "at-invented", "token_type": "Bearer", "expires_in": 300, "refresh_token": "rt-invented"}


@dataclass
class Scripted:
    """The rack, its one account, and its server. `says` sets the answers of a path, and `asked` counts requests."""

    harness: CoreHarness
    account: Account
    server: RecordingServer

    def says(self, path: str, *answers: bytes | Write) -> None:
        self.server.by_path[path] = list(answers)

    def asked(self, path: str = "/token") -> list[RecordedRequest]:
        return [request for request in self.server.requests if request.target == path]


@asynccontextmanager
async def scripted(
    sandbox: RunningSandbox, folder: Path, dialect: str = "", *, secret: bool = True, top: str = ""
) -> AsyncGenerator[Scripted]:
    """A rack that runs, with an account that is not signed in. Without `secret` it takes a pasted refresh token."""
    async with recording() as server:
        server.by_path = {"/token": [answer(TOKEN)], "/api/figures": [answer(FIGURES)], "/revoke": [answer({})]}
        flow: FlowName = "client_credentials" if secret else "refresh_token"
        needs = str(secret).lower()
        text = FILE.format(base=server.base, dialect=dialect, flow=flow, needs_secret=needs, top=top)
        store_provider_files(folder / "config", {"scripted.toml": text})
        harness = CoreHarness(sandbox, folder)
        await harness.start()
        assert harness.rack.catalog.files.problems == [], harness.rack.catalog.files.problems
        invented = Secret("invented-secret") if secret else None
        draft = Draft("scripted", "global", flow, "Own", "invented-client", invented)
        try:
            yield Scripted(harness, await harness.rack.add(draft), server)
        finally:
            await harness.close()
