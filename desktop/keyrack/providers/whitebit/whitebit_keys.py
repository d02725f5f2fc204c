"""WhiteBIT as a provider of keys: its endpoints for keys, its signed calls, and what it shows to a key."""

from typing import Any

from keyrack.oauth.endpoints.error_response import unavailable
from keyrack.oauth.strict_json import read_json, text_at
from keyrack.primitives.secret import Secret
from keyrack.providers.api.key_provider import KeyInfo, SignedCall
from keyrack.providers.api.service_end import service_end
from keyrack.providers.api.stream import StreamTarget
from keyrack.providers.api_key import ApiKey
from keyrack.providers.holding import Reading
from keyrack.providers.whitebit.key_endpoints import KeyEndpoints, public_key
from keyrack.providers.whitebit.refusals import signed_refusal
from keyrack.providers.whitebit.signing import signed
from keyrack.providers.whitebit.whitebit_balances import PROOF, STREAM_TOKEN, Wallets, unknown_response


class WhitebitKeys:
    """`KeyProvider` for one site of WhiteBIT (WhiteBIT Fast API key)."""

    id_is_public_key = True  # WhiteBIT Fast API key Q2
    idle_seconds: float | None = 14 * 86_400.0  # WhiteBIT Fast API key Q8
    sign_in_window = 600.0

    def __init__(self, target: StreamTarget) -> None:
        self._target = target
        self._endpoints = KeyEndpoints(target.http, target.provider, target.region)

    async def info(self, grant: Secret) -> KeyInfo:
        """What WhiteBIT knows of the key."""
        return await self._endpoints.info(grant)

    async def secret(self, grant: Secret, id: str) -> ApiKey:
        """The key's secret, which WhiteBIT shows once (WhiteBIT Fast API key Q4)."""
        return await self._endpoints.secret(grant, id)

    async def delete(self, grant: Secret, id: str) -> None:
        """Delete the key. WhiteBIT also mails the person."""
        await self._endpoints.delete(grant, id)

    def public_key(self, text: str) -> Secret | None:
        """A public key as it arrived or was pasted. None for what cannot be one."""
        return public_key(text)

    async def call(self, key: ApiKey, path: str, nonce: int) -> Any:
        """Make one private V4 call."""
        provider = self._target.provider
        response = await self._target.http.send(signed(self._target.region, key, path, nonce))
        failure = service_end(provider, response)
        failure = failure or unavailable(provider.company_name, response.status, response.headers)
        if failure is not None:
            raise failure
        value = read_json(response.body, provider.company_name)
        failure = signed_refusal(response.status, value)
        if failure is not None:
            raise failure
        return value

    async def prove(self, call: SignedCall) -> None:
        """Request the spot balances."""
        await call(PROOF)

    async def holdings(self, call: SignedCall) -> Reading:
        """Main, spot and collateral, and the names of those that the key may not read."""
        wallets = Wallets(self._target.provider)
        await wallets.read(call)
        return wallets.reading

    async def stream_ticket(self, call: SignedCall) -> Secret:
        """A token for the stream, to be used at once."""
        found = text_at(await call(STREAM_TOKEN), "websocket_token")
        if not found:
            raise unknown_response()
        return Secret(found)
