"""Balances and prices that move. The same seed and moment give the same figure, so that two readers agree."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from hashlib import blake2b

from keyrack.sandbox.people.person import Holding, Person

# A trade is due every 6 to 13 seconds, and something larger happens every eighth time.
_SHORTEST_STEP = 6
_TRADE = Decimal("0.0004")
_SWING = Decimal("0.003")
_SPREAD = Decimal("0.002")
_PLACES = Decimal("0.0000001")
_UPLOAD = 37_412_864
_UPLOAD_EVERY = 9.0

PRICES = {
    "BTC": Decimal("61000.50"),
    "ETH": Decimal("3120.42"),
    "XRP": Decimal("0.5312"),
    "LINK": Decimal("14.208"),
    "SOL": Decimal("142.37"),
    "WBT": Decimal("18.402"),
    "PROB": Decimal("0.0712"),
    "XLM": Decimal("0.1104"),
    "USDC": Decimal("1.0001"),
    "EUR": Decimal("1.0821"),
}


def moving(seed: int, name: str, base: Decimal, digits: int, elapsed: float) -> Decimal:
    """`base` a little up or down, with `digits` places. Zero stays zero."""
    if not base:
        return base
    step = int(elapsed // (_SHORTEST_STEP + seed * len(name) % 8))
    with localcontext(Context(prec=50, rounding=ROUND_HALF_EVEN)):
        swing = _noise(seed, name, "swing", step // 8) * _SWING + _noise(seed, name, "trade", step) * _TRADE
        return (base * (1 + swing)).quantize(Decimal(1).scaleb(-digits))


def spot(account: Person, holding: Holding, elapsed: float) -> tuple[Decimal, Decimal]:
    """The trading account: what is available, and what is in orders."""
    total = moving(account.seed, holding.asset, holding.total, holding.digits, elapsed)
    return total - holding.held, holding.held


def main(account: Person, holding: Holding, elapsed: float) -> Decimal:
    """The balance of the main account, which moves apart from the trading account."""
    return moving(account.seed, holding.asset + " main", holding.main, holding.digits, elapsed)


def price(asset: str, elapsed: float) -> Decimal:
    """The last price in USDT."""
    base = PRICES[asset]
    return moving(1, asset, base, max(2, -int(base.as_tuple().exponent)), elapsed)


def prices(elapsed: float) -> dict[str, Decimal]:
    """The last price of every asset in USDT."""
    return {asset: price(asset, elapsed) for asset in PRICES}


def ask_and_bid(last: Decimal) -> tuple[str, str]:
    """What a market takes and pays, on both sides of its last price."""
    ask, bid = ((last * (1 + share)).quantize(_PLACES) for share in (_SPREAD, -_SPREAD))
    return text(ask), text(bid)


def used(account: Person, elapsed: float) -> int:
    """Bytes in use. Uploads arrive now and then, and all of them are deleted when the storage is full."""
    room = max(account.storage - account.used, 1)
    return account.used + _UPLOAD * int(elapsed // _UPLOAD_EVERY) % room


def text(amount: Decimal) -> str:
    """The amount as every provider writes it: digits and a point, never an exponent."""
    return format(amount, "f")


def _noise(seed: int, *names: object) -> Decimal:
    drawn = blake2b(repr((seed, *names)).encode(), digest_size=4).digest()
    return Decimal(int.from_bytes(drawn, "big")) / Decimal(2**31) - 1
