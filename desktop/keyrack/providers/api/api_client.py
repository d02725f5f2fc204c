"""Requests with a token what an account holds and whose account it is."""

from collections.abc import Mapping
from typing import Any

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.endpoints.error_response import first_text, own_words, service_ended, unavailable
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import read_json, text_at
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret
from keyrack.providers.api.amounts import added, rows, space
from keyrack.providers.api.api_failures import ApiRefused, TokenRefused
from keyrack.providers.api.balance_request import Signer, balance_request, bearer_request
from keyrack.providers.api.key_provider import ReadOnlyKeyProvider
from keyrack.providers.api.paging import MOST_PAGES, first_page, next_page
from keyrack.providers.api.rate_limit import RateLimit
from keyrack.providers.api.service_end import service_end
from keyrack.providers.api_key import ApiKey
from keyrack.providers.holding import Holding, Storage
from keyrack.providers.schema import BalanceCall, Provider, Region, StorageCall

LONGEST_IDENTITY = 120


class ApiClient:
    """One region's API. Tokens go to its host alone, in the Authorization header (S42, S43)."""

    def __init__(self, http: HttpClient, provider: Provider, region: Region) -> None:
        self._http = http
        self._provider = provider
        self._region = region
        self._rate_limit = RateLimit(provider.rate)

    async def holdings(self, token: Secret, signer: Signer | None = None) -> tuple[Holding, ...]:
        """Every asset that is not zero, of all wallets that the token, or the key of `signer`, may read."""
        found: list[Holding] = []
        for call in self._provider.balances:
            read = await self._rows(call, token, signer)
            found.extend(row for row in (added(read) if call.sum_same else read) if not row.is_zero)
        return tuple(found)

    async def _rows(self, call: BalanceCall, token: Secret, signer: Signer | None) -> list[Holding]:
        """Every page of one call. A page beyond the limit is a failure, so that no balance is left out in silence."""
        found: list[Holding] = []
        place: str | None = first_page(call)
        for _ in range(MOST_PAGES):
            request = balance_request(self._region, call, place, token, signer)
            headers, response = await self._response(request)
            read = rows(call, response)
            if read is None:
                raise self._not_understood()
            found.extend(read)
            try:
                place = next_page(call, headers, response)
            except ValueError:
                raise self._not_understood() from None
            if place is None:
                return found
        raise self._not_understood()

    async def make_key(self, maker: ReadOnlyKeyProvider, token: Secret, name: str) -> ApiKey:
        """A new key that may see balances alone, in exchange for the token (Kraken Q13)."""
        request = bearer_request(self._region, "POST", maker.path, maker.request_body(name).decode(), token)
        key = maker.read((await self._response(request))[1])
        if key is None:
            raise self._not_understood()
        return key

    async def storage(self, token: Secret) -> Storage | None:
        """The storage space, from the first call that has it (Bitport: `me`, else `cloud`)."""
        for call in self._provider.storage:
            found = await self._space(call, token)
            if found is not None:
                return found
        if self._provider.storage:
            raise self._not_understood()
        return None

    async def _space(self, call: StorageCall, token: Secret) -> Storage | None:
        return space(call, await self._call("GET", call.path, "", token))

    async def identity(self, token: Secret) -> str:
        """The name of the person of this token, "" where the provider does not name one."""
        call = self._provider.identity
        if call is None:
            return ""
        return plain(text_at(await self._call("GET", call.path, "", token), call.field), LONGEST_IDENTITY)

    async def _call(self, method: str, path: str, body: str, token: Secret) -> Any:
        return (await self._response(bearer_request(self._region, method, path, body, token)))[1]

    async def _response(self, request: Request) -> tuple[Mapping[str, str], Any]:
        await self._rate_limit.turn()
        response = await self._http.send(request)
        if response.status == 401:
            raise self._token_refused(f"HTTP {response.status}")
        failure = service_end(self._provider, response)
        failure = failure or unavailable(self._provider.company_name, response.status, response.headers)
        if failure is not None:
            raise failure
        value = read_json(response.body, self._provider.company_name)
        self._check(response.status, value)
        return response.headers, value

    def _check(self, status: int, value: Any) -> None:
        errors = self._provider.errors
        code, message = first_text(value, errors.codes, besides=errors.no_error), first_text(value, errors.messages)
        if code and code in errors.ended:
            raise service_ended(self._provider.name, own_words(code, message, status), self._provider.ends_note)
        if code and code in errors.unauthorized:
            raise self._token_refused(own_words(code, message, status))
        if code or status >= 400:
            raise self._refused(status, own_words(code, message, status))

    def _token_refused(self, detail: str) -> TokenRefused:
        return TokenRefused("api_token_refused", provider=self._provider.company_name, detail=detail)

    def _refused(self, status: int, detail: str) -> ApiRefused:
        code = "figures_not_permitted" if status in (403, 451) else "figures_refused"
        return ApiRefused(code, provider=self._provider.company_name, detail=detail)

    def _not_understood(self) -> UnexpectedResponse:
        return UnexpectedResponse("figures_not_understood", provider=self._provider.company_name)
