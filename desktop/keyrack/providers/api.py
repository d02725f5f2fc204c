"""Asks a provider's API, with a token, what an account holds and whose it is."""

from typing import Any

from keyrack.net.client import Client, Request
from keyrack.net.failure import Failure, plain
from keyrack.net.secret import Secret
from keyrack.oauth.answers import read_json, text_at
from keyrack.oauth.errors import StrangeAnswer
from keyrack.oauth.refusals import first_text, own_words, unavailable
from keyrack.providers.amounts import rows, space
from keyrack.providers.holding import Holding, Storage
from keyrack.providers.schema import Provider, Region, StorageCall

LONGEST_IDENTITY = 120


class TokenRefused(Failure):
    """The API answered 401 to a token that was believed valid (RFC 6750 §3.1)."""


class ApiRefused(Failure):
    """The API refused the call for another reason; the token may be good."""


class Api:
    """One region's API. Tokens go to its host alone, in the Authorization header (S42, S43)."""

    def __init__(self, http: Client, provider: Provider, region: Region) -> None:
        self._http = http
        self._provider = provider
        self._region = region

    async def holdings(self, token: Secret) -> tuple[Holding, ...]:
        """Every asset that is not zero, of all wallets that the token may read."""
        found: list[Holding] = []
        for call in self._provider.balances:
            answer = await self._call(call.method, call.path, call.body, token)
            read = rows(call, answer)
            if read is None:
                raise self._strange()
            found.extend(read)
        return tuple(found)

    async def storage(self, token: Secret) -> Storage | None:
        """Storage space from the first call that tells any (Bitport: `me`, else `cloud`)."""
        for call in self._provider.storage:
            found = await self._space(call, token)
            if found is not None:
                return found
        if self._provider.storage:
            raise self._strange()
        return None

    async def _space(self, call: StorageCall, token: Secret) -> Storage | None:
        return space(call, await self._call("GET", call.path, "", token))

    async def identity(self, token: Secret) -> str:
        """Whose token this is, "" where the provider does not tell."""
        call = self._provider.identity
        if call is None:
            return ""
        return plain(text_at(await self._call("GET", call.path, "", token), call.field), LONGEST_IDENTITY)

    async def _call(self, method: str, path: str, body: str, token: Secret) -> Any:
        headers: dict[str, str | Secret] = {
            "Accept": "application/json",
            "Authorization": Secret(f"Bearer {token.reveal()}"),
        }
        if body:
            headers["Content-Type"] = "application/json"
        url = self._region.api + path
        request = Request(method, url, headers, body.encode() or None, plain_http_allowed=self._region.test)
        answer = await self._http.send(request)
        if answer.status == 401:
            raise self._token_refused(f"HTTP {answer.status}")
        failure = unavailable(self._provider.name, answer.status, answer.headers)
        if failure is not None:
            raise failure
        value = read_json(answer.body, self._provider.name)
        self._check(answer.status, value)
        return value

    def _check(self, status: int, value: Any) -> None:
        errors = self._provider.errors
        code, message = first_text(value, errors.codes), first_text(value, errors.messages)
        if code and code in errors.unauthorized:
            raise self._token_refused(own_words(code, message, status))
        if code or status >= 400:
            raise self._refused(status, own_words(code, message, status))

    def _token_refused(self, detail: str) -> TokenRefused:
        return TokenRefused(
            f"{self._provider.name} no longer accepts this token.",
            "It was withdrawn, or the right to read is missing.",
            "Sign in again.",
            detail=detail,
        )

    def _refused(self, status: int, detail: str) -> ApiRefused:
        rights = status in (403, 451)
        return ApiRefused(
            f"{self._provider.name} did not give the figures.",
            "The sign-in works, but this key may not read them." if rights else "The sign-in is not affected.",
            "Check the rights of the key at the provider." if rights else "Keyrack tries again by itself.",
            detail=detail,
        )

    def _strange(self) -> StrangeAnswer:
        return StrangeAnswer(
            f"{self._provider.name} answered in a form that Keyrack does not know.",
            "The figures shown are the last good ones.",
            "Keyrack tries again by itself.",
        )
