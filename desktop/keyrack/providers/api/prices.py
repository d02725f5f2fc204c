"""Requests a provider's own prices, public ones without a token, and reads them exactly."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.endpoints.error_response import unavailable
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import at, read_figures, text_at
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers import kraken
from keyrack.providers.api.amounts import amount
from keyrack.providers.api.balance_request import LARGEST_FIGURES
from keyrack.providers.schema import Markets, Prices, Provider, Region

LONGEST_PAIR = 2050
MOST_SINGLE = 100
MOST_PRICES = 100_000
# The moneys in which a person can have values shown, beside the dollar.
MONEYS = ("EUR", "BTC", "ETH")
_UNKNOWN_PAIR = (400, 404)
_IN_A_PATH = re.compile(r"[A-Za-z0-9._-]+")
_PARTED = re.compile(r"\{base\}[^A-Za-z0-9{}]+\{quote\}")


@dataclass(frozen=True, slots=True)
class Price:
    """What 1 base costs in the quote, exact and above zero.

    `traded` is the time of the last trade in wall-clock seconds, None when the provider does not give it.
    """

    value: Decimal
    traded: float | None = None


class PriceTable(dict[str, Price]):
    """Prices by the provider's own name of the pair. `left_out` counts those beyond the limit."""

    left_out: int = 0


class PricesRefused(Failure):
    """The provider refused to give its prices. `status` is that of its response. A sign-in is not affected."""

    code = "prices_refused"

    def __init__(self, provider: str, status: int) -> None:
        super().__init__(provider=provider, detail=f"HTTP {status}")
        self.status = status


class PriceFeed:
    """The prices of one region. A request carries a token only where the provider's file says that it needs one."""

    def __init__(self, http: HttpClient, provider: Provider, region: Region) -> None:
        self._http = http
        self._name = provider.company_name
        self._region = region
        self._source = provider.prices

    @property
    def needs_token(self) -> bool:
        """Whether `ask` needs a token."""
        return self._source is not None and self._source.needs_token

    async def ask(self, assets: Iterable[str], token: Secret | None = None) -> PriceTable:
        """Prices by the provider's own name of the pair. `assets` matter where each pair needs its own request.

        Raises PricesRefused, Unavailable, UnexpectedResponse or a NetworkFailure.
        """
        source = self._source
        if source is None or not source.path:
            return PriceTable()
        if source.shape == "single":
            return await self._one_by_one(source, assets, token)
        closed = await self._closed(source.markets, token) if source.markets else frozenset[str]()
        found = table(source, await self._get(source.path, token))
        if found is None:
            raise self._strange()
        for pair in closed & found.keys():
            del found[pair]
        return found

    async def _one_by_one(self, source: Prices, assets: Iterable[str], token: Secret | None) -> PriceTable:
        """One request for each asset. A pair that the provider does not know has no price and affects no other.

        The moneys in which values can be shown are asked for as well.
        """
        found = PriceTable()
        held = [asset for asset in dict.fromkeys(assets) if asset != source.quote]
        found.left_out = max(0, len(held) - MOST_SINGLE)
        for asset in dict.fromkeys((*held[:MOST_SINGLE], *(MONEYS if held else ()))):
            names = pair_names(source, asset, source.quote) + (
                pair_names(source, source.quote, asset) if can_turn(source) else []
            )
            for pair in filter(_IN_A_PATH.fullmatch, names):
                price = await self._one(source, pair, token)
                if price is not None:
                    found[pair] = price
                    break
        return found

    async def _one(self, source: Prices, pair: str, token: Secret | None) -> Price | None:
        try:
            answer = await self._get(source.path.replace("{pair}", pair), token)
            return price_in(source, at(answer, source.rows))
        except PricesRefused as why:
            if why.status not in _UNKNOWN_PAIR:
                raise
            return None

    async def _closed(self, markets: Markets, token: Secret | None) -> frozenset[str]:
        rows = at(await self._get(markets.path, token), markets.rows)
        if not isinstance(rows, list):
            raise self._strange()
        return frozenset(text_at(row, markets.name) for row in rows if at(row, markets.closed) is True)

    async def _get(self, path: str, token: Secret | None) -> Any:
        headers: dict[str, str | Secret] = {"Accept": "application/json"}
        if self.needs_token:
            if token is None:
                raise PricesRefused(self._name, 401)
            headers["Authorization"] = Secret(f"Bearer {token.reveal()}")
        request = Request(
            "GET", self._region.api + path, headers, plain_http_allowed=self._region.test, most_bytes=LARGEST_FIGURES
        )
        answer = await self._http.send(request)
        failure = unavailable(self._name, answer.status, answer.headers)
        if failure is not None:
            raise failure
        if answer.status >= 400:
            raise PricesRefused(self._name, answer.status)
        return read_figures(answer.body, self._name)

    def _strange(self) -> UnexpectedResponse:
        return UnexpectedResponse("prices_not_understood", provider=self._name)


def table(source: Prices, answer: Any) -> PriceTable | None:
    """All prices of a response by pair. None for another shape, or if no row is as expected."""
    pairs = _rows(source, at(answer, source.rows))
    if pairs is None:
        return None
    understood, found = False, PriceTable()
    found.left_out = max(0, len(pairs) - MOST_PRICES)
    for pair, row in pairs[:MOST_PRICES]:
        price = price_in(source, row)
        understood = understood or price is not None or _is_closed(source, row)
        if price is not None and 0 < len(pair) <= LONGEST_PAIR:
            found.setdefault(pair, price)
        elif price is not None:
            found.left_out += 1
    return found if understood or not pairs else None


def _rows(source: Prices, found: Any) -> list[tuple[str, Any]] | None:
    if source.shape == "array":
        return [(_pair_of(source, row), row) for row in found] if isinstance(found, list) else None
    return list(found.items()) if isinstance(found, dict) else None


def _pair_of(source: Prices, row: Any) -> str:
    """The pair of a row, where it names its two assets in the way in which the file writes a pair."""
    if not source.base_name:
        return text_at(row, source.name)
    base, quote = text_at(row, source.base_name), text_at(row, source.quote_name)
    return pair_names(source, base, quote)[0] if base and quote else ""


def price_in(source: Prices, row: Any) -> Price | None:
    """The price of one row. None for a closed market, and for anything that is not a plain number above zero."""
    if not isinstance(row, dict) or _is_closed(source, row):
        return None
    for field in source.fields:
        found = at(row, field)
        value = amount(found[0] if isinstance(found, list) and found else found)
        if value is not None and value > 0:
            return Price(value, _moment(text_at(row, source.traded)) if source.traded else None)
    return None


def _is_closed(source: Prices, row: Any) -> bool:
    return bool(source.closed) and at(row, source.closed) is True


def _moment(text: str) -> float | None:
    """An ISO 8601 time in wall-clock seconds. A time without a zone is UTC."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def pair_names(source: Prices, base: str, quote: str) -> list[str]:
    """The ways in which the provider may write a pair."""
    if source.names == "kraken":
        return kraken.pair_names(base, quote)
    names = (pattern.replace("{base}", base).replace("{quote}", quote) for pattern in source.pairs)
    return [getattr(name, source.letters)() if source.letters != "as_is" else name for name in names]


def find(source: Prices, prices: Mapping[str, Price], base: str, quote: str) -> Price | None:
    """The price of a pair in the prices that `ask` returned."""
    return next((prices[name] for name in pair_names(source, base, quote) if name in prices), None)


def find_turned(source: Prices, prices: Mapping[str, Price], base: str, quote: str) -> Price | None:
    """The price of the pair the other way round: what 1 `quote` costs in `base`.

    Where no character separates the two names, the pair has to be readable in one way alone: with USD and TBTC,
    USDTBTC would be a price of USDT in BTC.
    """
    for name in pair_names(source, quote, base):
        if name in prices and (can_turn(source) or not _has_other_reading(source, prices, name, base)):
            return prices[name]
    return None


def _has_other_reading(source: Prices, prices: Mapping[str, Price], name: str, ending: str) -> bool:
    """Whether the name also ends with another asset than `ending`, one that has a price of the provider's."""
    own, quotes = (
        _written(source, ending),
        set[str]().union(*(_written(source, money) for money in (source.quote, source.dollar, *source.via, *MONEYS))),
    )
    endings = {name[at_letter:] for at_letter in range(1, len(name))} - own
    return any(other in quotes or find(source, prices, other, source.quote) is not None for other in endings)


def _written(source: Prices, asset: str) -> set[str]:
    """The ways in which the provider may write one asset."""
    if source.names == "kraken":
        return kraken.own_names(asset)
    return {getattr(asset, source.letters)() if source.letters != "as_is" else asset}


def can_turn(source: Prices) -> bool:
    """Whether a character separates the two names of every pair, so that it can be read in one way alone."""
    return source.names != "kraken" and all(_PARTED.search(pattern) for pattern in source.pairs)
