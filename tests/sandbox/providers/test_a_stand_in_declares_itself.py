"""A provider's folder is all that the sandbox needs: it is found, announced, and offered with its faults and people."""

from pathlib import Path

import httpx
import pytest

from keyrack.sandbox.find_stand_ins import stand_ins
from keyrack.sandbox.providers.kraken.kraken_keys import KrakenKeys
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import FastKeys
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.stand_in import world_of
from tests.sandbox_process import RunningSandbox

DECLARATION = '''
"""A tiny exchange, which no other file of the sandbox names."""

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people.person import Person
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.transport.endpoint import EndpointSpec, routes


class Visits:
    def __init__(self, _clock):
        self.count = 0


def error_response(status):
    return JSONResponse({"tiny": status}, status)


def greet(call):
    call.world.own("tiny-bank", Visits).count += 1
    return Response("mumble" if call.fault("tone") is not None else "hello")


def app(world):
    specs = (EndpointSpec("GET /hello", "greeting", greet),)
    return Starlette(routes=routes(world, "tiny-bank", error_response, specs))


STAND_IN = StandIn(
    id="tiny-bank",
    title="Tiny & Bank",
    people={"ida": Person("Ida", "ida@example.org", 1)},
    clients=(Client("tiny-bank", "tiny-client", "invented", account="ida"),),
    endpoints={"greeting": {"tone:low": "mumbles instead"}},
    app=app,
    state=Visits,
    announce=lambda base, lifetimes: {"page": base + "/hello"},
    controls={"GET /visits": lambda world, content: world.own("tiny-bank", Visits).count},
)
'''


def package(folder: Path, declaration: str = DECLARATION) -> Path:
    """The folder, with the package `tiny_bank` in it."""
    made = folder / "tiny_bank"
    made.mkdir()
    (made / "__init__.py").write_text('"""The tiny bank."""\n')
    (made / "tiny_bank_stand_in.py").write_text(declaration)
    return folder


def test_a_folder_alone_adds_a_provider(tmp_path: Path, http: httpx.Client) -> None:
    with RunningSandbox.start(more_providers=package(tmp_path)) as sandbox:
        base = sandbox.base("tiny-bank")
        assert set(sandbox.announced["providers"]) == {*(each.id for each in stand_ins()), "tiny-bank"}
        assert sandbox.announced["providers"]["tiny-bank"] == {"base": base, "page": base + "/hello"}
        assert sandbox.client("tiny-bank")["account"] == "ida"
        assert http.get(base + "/hello").text == "hello"
        assert sandbox.log("tiny-bank")[-1]["endpoint"] == "greeting"

        page = http.get(sandbox.control).text
        assert "Tiny &amp; Bank · greeting" in page
        assert "mumbles instead" in page
        sandbox.fault("tiny-bank", "greeting", "tone:low", times=1)
        assert [http.get(base + "/hello").text for _ in range(2)] == ["mumble", "hello"]
        sandbox.fault("tiny-bank", "*", "status:503")
        assert http.get(base + "/hello").json() == {"tiny": 503}

        assert sandbox.register_client("tiny-bank", "another", "invented")["account"] == "ida"
        with pytest.raises(RuntimeError, match="account is one of ida"):
            sandbox.ask("POST", "/clients", {"provider": "tiny-bank", "client_id": "x", "account": "desk"})
        assert sandbox.ask("GET", "/visits") == 3, "its state is the world's, and the processed requests are counted"


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('id="tiny-bank"', 'id="other"', "the folder tiny_bank declares the provider other"),
        ('endpoints={"greeting"', 'endpoints={"grunting"', "tiny-bank does not declare greeting"),
        ("STAND_IN = ", "DECLARED = ", "STAND_IN"),
    ],
)
def test_a_wrong_declaration_ends_the_start(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], before: str, after: str, problem: str
) -> None:
    with pytest.raises(RuntimeError, match="ended with 1"):
        RunningSandbox.start(more_providers=package(tmp_path, DECLARATION.replace(before, after)))
    assert problem in capfd.readouterr().err


def test_every_person_and_client_belongs_to_its_stand_in() -> None:
    for each in stand_ins():
        assert each.people, each.id
        assert {client.provider for client in each.clients} == {each.id}
        assert {client.account for client in each.clients} <= {None, *each.people}


def test_the_state_of_a_stand_in_is_given_as_the_kind_it_is() -> None:
    world = world_of(stand_ins(), Lifetimes())
    assert world.own("kraken", KrakenKeys) is world.own("kraken", KrakenKeys)
    with pytest.raises(TypeError, match="the state of kraken is a KrakenKeys"):
        world.own("kraken", FastKeys)
