"""Provider files as `keyrack providers check` reads them: a provider, or a failure that names the line."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from keyrack.core.sites.user_files import ProviderFileFailure, read_text, with_certificates
from keyrack.oauth.authorization_server import Dialect
from keyrack.providers.call_schema import BalanceCall
from keyrack.providers.files.load import BadProviderFile, moved, server
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import UserFile, read_own
from keyrack.providers.registry import built_in
from keyrack.providers.schema import Flow, Provider, Region
from tests.campaigns.fuzzing import corpus
from tests.campaigns.fuzzing.complaints import Complaints
from tests.campaigns.fuzzing.target import promise

_KEYS = tuple(
    dict.fromkeys(field for kind in (Provider, Region, Flow, Dialect, BalanceCall) for field in kind.__struct_fields__)
)
_VALUES = (
    *('""', '"x"', "0", "-1", "1e999", "nan", "true", "[]", '[""]', "[[]]", "{}", '{"" = ""}', "2026-11-01", "9" * 400),
    *('"https://a.example"', '"http://a.example"', '"https://a.example:0/{region}"', '"https://[::1"', '"a..b"'),
    *('"{client_id}"', '"https://a.example/\\u0000"', '"\\u202e"', '"' + "x" * 700 + '"', "'''\n'''", '"pkce"'),
)
_HEADERS = tuple(f"[{name}]" for name in ("regions.global", "regions.'a.b'", "flows.user_code", "dialect", "errors"))


@dataclass
class ProviderFilesTarget:
    """Each input is the file at `path`."""

    path: Path
    name = "provider_files"
    rooms = ("providers/files", "core/sites/user_files.py")
    words = tuple(text.encode() for text in (*_HEADERS, *_VALUES, *(f"{key} = " for key in _KEYS), "[[balances]]\n"))

    def inputs(self) -> SearchStrategy[bytes]:
        """The good files of the corpus with some lines changed to other keys and values."""
        good = [data.decode() for name, data in corpus.kept(self.name).items() if name.startswith("good")]
        line = st.builds("{} = {}".format, st.sampled_from(_KEYS), st.sampled_from(_VALUES)) | st.sampled_from(_HEADERS)
        changes = st.lists(st.tuples(st.integers(0, 60), line, st.booleans()), min_size=1, max_size=3)
        return st.builds(_with_lines, st.sampled_from(good), changes)

    async def outcome(self, data: bytes) -> str:
        """The code of the mistake, or "good" for a provider of which everything can be made."""
        self.path.write_bytes(data)
        taken = {provider.id for provider in built_in()}
        try:
            file = read_own(self.path.name, read_text(self.path), taken)
            provider = with_certificates(file, self.path.parent)
        except BadProviderFile as why:
            lines = data.count(b"\n") + 1
            promise(1 <= why.line <= lines, f"line {why.line} of {lines}")
            promise(f"line {why.line}" in why.happened, f"no line in: {why.happened}")
            promise(why.happened.isprintable(), f"not plain: {why.happened!r}")
            return why.code
        except ProviderFileFailure as why:
            return why.code
        return _used(file, provider)

    async def settle(self) -> None:
        """A file leaves nothing behind."""


@asynccontextmanager
async def provider_files_target(home: Path, complaints: Complaints) -> AsyncGenerator[ProviderFilesTarget]:
    """One path, at which each input is written."""
    yield ProviderFilesTarget(home / "input.toml")


def _used(file: UserFile, provider: Provider) -> str:
    """Everything that is made of a good provider."""
    promise(all(text for _, text in summary(file)), "an empty line of the summary")
    for region in provider.regions:
        for flow in provider.flows:
            server(provider, region, flow)
    again = msgspec.json.decode(msgspec.json.encode(moved(provider, "http://127.0.0.1:9")), type=Provider)
    promise(again.id == provider.id, "another provider after it was moved")
    return "good, addresses by metadata" if file.wishes else "good"


def _with_lines(text: str, changes: list[tuple[int, str, bool]]) -> bytes:
    lines = text.split("\n")
    for at, line, instead in changes:
        lines[at % len(lines) : at % len(lines) + instead] = [line]
    return "\n".join(lines).encode()
