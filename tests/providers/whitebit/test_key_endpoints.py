"""What WhiteBIT tells of a key, in each form that its documents and samples have, and what is no word about a key."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from keyrack.oauth.oauth_errors import ServiceEnded, UnexpectedResponse
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.key_refusals import GrantEnded, KeyBusy, KeyGone, NotOurKey, SecretTaken
from keyrack.providers.files.load import moved
from keyrack.providers.whitebit.key_endpoints import KeyEndpoints
from tests.recording_server import answer, recording
from tests.tokens import http, provider

ID = "00000000-1111-4222-8333-444444444444"
TOKEN = Secret("canary-access")


@asynccontextmanager
async def answering(*sent: bytes) -> AsyncGenerator[KeyEndpoints]:
    async with recording(*sent) as port, http() as client:
        known = moved(provider("whitebit-fast-key"), port.base)
        yield KeyEndpoints(client, known, known.regions["global"])


GROUP = {"name": "trading", "title": "Handel", "urls": [{"url": "/v2/order", "enable": True}]}
CLOSED = {"name": "withdraw", "title": "x", "urls": [{"url": "/v2/x", "enable": False}]}
FORMS: list[tuple[dict[str, object], tuple[str, ...]]] = [
    ({"exists": True, "externalId": ID, "enabled": True, "permissions": ["trading"]}, ("trading",)),
    ({"data": {"exists": True, "externalId": ID, "isEnabled": True, "permissions": [GROUP, CLOSED]}}, ("trading",)),
    (
        {"data": {"exists": True, "externalId": ID, "enabled": True, "permissions": ["read", GROUP]}},
        ("read", "trading"),
    ),
    ({"exists": True, "isEnabled": True, "externalId": ID, "permissions": None}, ()),
]


@pytest.mark.parametrize(("sent", "rights"), FORMS, ids=range(len(FORMS)))
async def test_the_facts_of_a_key_in_each_form(sent: dict[str, object], rights: tuple[str, ...]) -> None:
    """WhiteBIT Fast API key Q2: the id is the public key, whichever way the answer is wrapped."""
    async with answering(answer(sent)) as endpoints:
        info = await endpoints.info(TOKEN)
    assert (info.exists, info.enabled, info.id, info.rights) == (True, True, ID, rights)


@pytest.mark.parametrize(
    "sent", [{"externalId": ID, "secret": "S3CRET"}, {"data": {"apiSecret": "S3CRET"}}, {"apiSecret": "S3CRET"}]
)
async def test_the_secret_in_each_form(sent: dict[str, object]) -> None:
    async with answering(answer(sent)) as endpoints:
        key = await endpoints.secret(TOKEN, ID)
    assert (key.secret, key.id) == (Secret("S3CRET"), ID)


async def test_a_key_that_is_gone_is_no_key() -> None:
    async with answering(answer({"data": {"message": ["Key not found."]}}, 404)) as endpoints:
        assert not (await endpoints.info(TOKEN)).exists


SAID = {"data": {"message": ["…"]}}
REFUSALS: list[tuple[bytes, type[Failure]]] = [
    (answer(SAID, 401), GrantEnded),
    (answer(None, 401), GrantEnded),
    (answer(SAID, 403), NotOurKey),
    (answer(SAID, 404), KeyGone),
    (answer(SAID, 409), SecretTaken),
    (answer(SAID, 423), KeyBusy),
    (answer(SAID, 410), ServiceEnded),
    (answer("<html>sign in", 401), UnexpectedResponse),
    (answer("<html>refused", 403), UnexpectedResponse),
    (answer("<html>no such page", 404), UnexpectedResponse),
    (answer(None, 404), UnexpectedResponse),
]


@pytest.mark.parametrize(("sent", "kind"), REFUSALS, ids=range(len(REFUSALS)))
async def test_only_whitebits_own_words_are_about_a_key(sent: bytes, kind: type[Failure]) -> None:
    """A gateway's page with the same status says nothing of a key."""
    async with answering(sent) as endpoints:
        with pytest.raises(Failure) as caught:
            await endpoints.secret(TOKEN, ID)
    assert type(caught.value) is kind
