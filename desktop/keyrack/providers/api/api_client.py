"""Requests with a token what an account holds and whose account it is."""

from collections.abc import Mapping
from typing import Any

import msgspec

from keyrack.net.client.client_message import Request, Response
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.endpoints.error_response import first_text, own_words, service_ended, unavailable
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import read_json, text_at
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret
from keyrack.providers.api.accounts import MOST_ACCOUNTS, ApiAccount, accounts_in, accounts_request, calls_of
from keyrack.providers.api.amounts import added, rows, space
from keyrack.providers.api.api_failures import ApiRefused, GatewayRefused, TokenRefused
from keyrack.providers.api.balance_request import Signer, balance_request, bearer_request
from keyrack.providers.api.key_provider import ReadOnlyKeyProvider
from keyrack.providers.api.paging import MOST_PAGES, first_page, next_page
from keyrack.providers.api.rate_limit import RateLimit
from keyrack.providers.api.service_end import service_end
from keyrack.providers.api_key import ApiKey
from keyrack.providers.call_schema import BalanceCall, StorageCall
from keyrack.providers.holding import Holding, Storage
from keyrack.providers.schema import Provider, Region

LONGEST_IDENTITY = 120


class ApiClient:
    """One region's API. Tokens go to its host alone, in the Authorization header (S42, S43)."""

    def __init__(
        self, http: HttpClient, provider: Provider, region: Region, rate_limit: RateLimit | None = None
    ) -> None:
        self._http = http
        self._provider = provider
        self._region = region
        self._rate_limit = rate_limit or RateLimit(provider.rate)

    def told(self, address: str) -> "ApiClient":
        """The client for the API's address that came with a token, where the region has several.

        Raises ApiRefused where none came that the region lists (S38).
        """
        if not self._region.apis:
            return self
        if address not in self._region.apis:
            raise ApiRefused("api_not_listed", provider=self._provider.company_name)
        region = msgspec.structs.replace(self._region, api=address.rstrip("/"))
        return ApiClient(self._http, self._provider, region, self._rate_limit)

    async def holdings(self, token: Secret, signer: Signer | None = None) -> tuple[Holding, ...]:
        """Every asset that is not zero, of all wallets that the token, or the key of `signer`, may read."""
        found: list[Holding] = []
        accounts = await self._accounts(token)
        for call in self._provider.balances:
            read: list[Holding] = []
            for each in calls_of(call, accounts):
                read.extend(await self._rows(each, token, signer))
            found.extend(row for row in (added(read) if call.sum_same else read) if not row.is_zero)
        return tuple(found)

    async def _accounts(self, token: Secret) -> list[ApiAccount]:
        """The accounts of this person, of every page. Empty where the file has no call that names them."""
        call, found = self._provider.accounts, list[ApiAccount]()
        if call is None:
            return found
        place: str | None = first_page(call)
        for _ in range(MOST_PAGES):
            headers, response = await self._response(accounts_request(self._region, call, place, token))
            try:
                found.extend(accounts_in(call, response))
                place = next_page(call, headers, response, self._region.api)
            except ValueError:
                raise self._not_understood() from None
            if place is None:
                break
        if place is not None or len(found) > MOST_ACCOUNTS:
            raise UnexpectedResponse("accounts_too_many", provider=self._provider.company_name, most=str(MOST_ACCOUNTS))
        return found

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
                place = next_page(call, headers, response, self._region.api)
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
        return space(call, await self._call(call.method, call.path, call.body, token))

    async def identity(self, token: Secret) -> str:
        """The name of the person of this token, "" where the provider does not name one."""
        call = self._provider.identity
        if call is None:
            return ""
        answer = await self._call(call.method, call.path, call.body, token)
        return plain(text_at(answer, call.field), LONGEST_IDENTITY)

    async def _call(self, method: str, path: str, body: str, token: Secret) -> Any:
        return (await self._response(bearer_request(self._region, method, path, body, token)))[1]

    async def _response(self, request: Request) -> tuple[Mapping[str, str], Any]:
        await self._rate_limit.turn()
        response = await self._http.send(request)
        if response.status == 401:
            raise self._unauthorized(response)
        failure = service_end(self._provider, response)
        failure = failure or unavailable(self._provider.company_name, response.status, response.headers)
        if failure is not None:
            raise failure
        value = read_json(response.body, self._provider.company_name)
        self._check(response.status, value)
        return response.headers, value

    def _unauthorized(self, response: Response) -> TokenRefused:
        """The failure of a 401, with the words of the API where it is its own (RFC 6750 section 3)."""
        name, errors, status = self._provider.company_name, self._provider.errors, response.status
        try:
            value = read_json(response.body, name)
        except UnexpectedResponse:
            challenged = response.headers.get("www-authenticate", "").lower().startswith("bearer")
            kind = TokenRefused if challenged or not response.body.strip() else GatewayRefused
            return kind("api_token_refused", provider=name, detail=f"HTTP {status}")
        code, message = first_text(value, errors.codes, besides=errors.no_error), first_text(value, errors.messages)
        return self._token_refused(own_words(code, message, status))

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
