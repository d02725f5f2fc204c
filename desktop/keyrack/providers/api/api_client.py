"""Requests with a token what an account holds and whose account it is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.endpoints.error_response import unavailable
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import read_figures, text_at
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret
from keyrack.providers.api.accounts import MOST_ACCOUNTS, ApiAccount, accounts_in, accounts_request, calls_of
from keyrack.providers.api.amounts import added, space
from keyrack.providers.api.api_failures import ApiRefused
from keyrack.providers.api.balance_request import Signer, balance_request, bearer_request
from keyrack.providers.api.balance_rows import MOST_ROWS, rows
from keyrack.providers.api.key_provider import ReadOnlyKeyProvider
from keyrack.providers.api.paging import MOST_PAGES, NO_ITEMS, first_page, next_page
from keyrack.providers.api.rate_limit import RateLimit
from keyrack.providers.api.reported_failures import api_failure, unauthorized
from keyrack.providers.api.service_end import service_end
from keyrack.providers.api_key import ApiKey
from keyrack.providers.call_schema import BalanceCall, StorageCall
from keyrack.providers.holding import NOTHING_LEFT_OUT, Holding, LeftOut, Reading, Storage
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

    async def holdings(self, token: Secret, signer: Signer | None = None) -> Reading:
        """Every asset that is not zero, of all wallets that the token, or the key of `signer`, may read."""
        found, left_out = list[Holding](), NOTHING_LEFT_OUT
        accounts = await self._accounts(token)
        for call in self._provider.balances:
            read = list[Holding]()
            for each in calls_of(call, accounts):
                part = await self._rows(each, token, signer)
                read += part
                left_out += part.left_out
            found += [row for row in added(read) if not row.is_zero] if call.sum_same else read
        return Reading(tuple(found), left_out)

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

    async def _rows(self, call: BalanceCall, token: Secret, signer: Signer | None) -> Reading:
        """Every page of one call. A page beyond the limit is a failure, so that no balance is left out in silence."""
        found, left_out = list[Holding](), NOTHING_LEFT_OUT
        place: str | None = first_page(call)
        for _ in range(MOST_PAGES):
            request = balance_request(self._region, call, place, token, signer)
            headers, response = await self._response(request, empty=NO_ITEMS if call.paging == "range_items" else ())
            read = rows(call, response)
            if read is None:
                raise self._not_understood()
            found += read
            left_out += read.left_out
            try:
                at_end = call.paging == "range_items" and not response
                place = None if at_end else next_page(call, headers, response, self._region.api)
            except ValueError:
                raise self._not_understood() from None
            if place is None:
                beyond = max(0, len(found) - MOST_ROWS)
                return Reading(tuple(found[:MOST_ROWS]), left_out + LeftOut(beyond=beyond))
        raise self._not_understood()

    async def make_key(self, maker: ReadOnlyKeyProvider, token: Secret, name: str) -> ApiKey:
        """A new key that may see balances alone, in exchange for the token (Kraken Q13)."""
        request = bearer_request(self._region, "POST", maker.path, maker.request_body(name).decode(), token)
        key = maker.read((await self._response(request))[1])
        if key is None:
            raise self._not_understood()
        return replace(key, id=key.id or name)

    async def key_names(self, maker: ReadOnlyKeyProvider, token: Secret) -> frozenset[str]:
        """The names of all keys that the token shows."""
        return maker.names(await self._call("GET", maker.list_path, "", token))

    async def delete_key(self, maker: ReadOnlyKeyProvider, token: Secret, name: str) -> None:
        """Delete a key. Raises Failure when it may still be there."""
        await self._call("DELETE", maker.path, maker.deletion_body(name).decode(), token)

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

    async def _response(self, request: Request, empty: tuple[int, ...] = ()) -> tuple[Mapping[str, str], Any]:
        """Headers and value. The statuses in `empty` say that there is nothing."""
        await self._rate_limit.turn()
        response = await self._http.send(request)
        if response.status == 401:
            raise unauthorized(self._provider, response)
        failure = service_end(self._provider, response)
        failure = failure or unavailable(self._provider.company_name, response.status, response.headers)
        if failure is not None:
            raise failure
        if response.status == 204 or response.status in empty:  # no content (RFC 9110 section 15.3.5)
            return {}, {}
        value = read_figures(response.body, self._provider.company_name)
        self._check(response.status, value)
        return response.headers, value

    def _check(self, status: int, value: Any) -> None:
        failure = api_failure(self._provider, status, value)
        if failure is not None:
            raise failure

    def _not_understood(self) -> UnexpectedResponse:
        return UnexpectedResponse("figures_not_understood", provider=self._provider.company_name)
