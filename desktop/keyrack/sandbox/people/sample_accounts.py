"""The invented people at each provider, and what they hold."""

from decimal import Decimal

from keyrack.sandbox.people.living import LIVING
from keyrack.sandbox.people.person import Holding, Person

D = Decimal

_PROBIT = {
    "desk": Person(
        "Trading desk",
        "desk@example.org",
        11,
        (
            Holding("BTC", D("1.84205317"), D("0.25000000")),
            Holding("ETH", D("12.204817365920184512"), D("1.5"), digits=18),
            Holding("USDT", D("48210.37"), D("7500.00"), digits=2),
            Holding("XRP", D("15400.250000"), digits=6),
            Holding("LINK", D("612.04180000")),
            Holding("PROB", D("92000.0000"), D("12000"), digits=4),
            Holding("DOT", D(0)),
            Holding("ATOM", D(0)),
        ),
    ),
    "seoul": Person(
        "Seoul branch",
        "seoul@example.org",
        12,
        (
            Holding("BTC", D("0.41277600")),
            Holding("ETH", D("3.870012450000000001"), D("0.5"), digits=18),
            Holding("USDT", D("9120.44"), D("1200.00"), digits=2),
            Holding("PROB", D("310500.0000"), digits=4),
            Holding("XLM", D("22040.500000"), digits=6),
            Holding("BCH", D(0)),
        ),
    ),
}

_WHITEBIT = {
    "trading": Person(
        "Trading",
        "ana.keller@example.org",
        21,
        (
            Holding("BTC", D("0.93300000"), D("0.12000000"), D("0.25000000")),
            Holding("ETH", D("7.410250000000000003"), D("0.800000000000000001"), D("2"), 18),
            Holding("USDT", D("26480.50"), D("4100.00"), D("12036.48"), 2),
            Holding("USDC", D("5000.00"), main=D("1500.00"), digits=2),
            Holding("SOL", D("84.30500000"), D("10")),
            Holding("WBT", D("210.50000000"), main=D("40")),
            Holding("BSV", D(0)),
            Holding("DOGE", D(0)),
        ),
    ),
    "treasury": Person(
        "Treasury",
        "treasury@example.org",
        22,
        (
            Holding("BTC", D("0.05000000"), main=D("4.75000000")),
            Holding("ETH", D("0.5"), main=D("61.000000000000000009"), digits=18),
            Holding("USDT", D("1200.00"), main=D("184300.12"), digits=2),
            Holding("EUR", D("900.00"), main=D("22750.80"), digits=2),
            Holding("XRP", D(0), main=D("9100.000000"), digits=6),
            Holding("LTC", D(0)),
        ),
    ),
}

_BITPORT = {
    "sam": Person("Sam Okafor", "sam.okafor@example.org", 31, (), 1_073_741_824_000, 730_239_834_821, "big"),
    "studio": Person("Studio", "studio@example.net", 32, (), 5_368_709_120_000, 1_204_518_733_904, "studio"),
}

_EXAMPLE = {
    "desk": Person(
        "Example desk",
        "kim.arai@example.org",
        41,
        (
            Holding("BTC", D("0.61804000"), D("0.05000000")),
            Holding("ETH", D("4.250000000000000001"), D("0.25"), digits=18),
            Holding("USDT", D("7310.25"), D("1000.00"), digits=2),
            Holding("EUR", D("1250.40"), digits=2),
            Holding("SOL", D(0)),
        ),
    ),
    "family": Person("Family", "family@example.net", 42, (Holding("BTC", D("0.02150000")),)),
}

_FAST_KEY = {
    "pro": Person(
        "Pro desk",
        "mira.sandoval@example.org",
        51,
        (
            Holding("BTC", D("1.12000000"), D("0.30000000"), D("0.40000000")),
            Holding("ETH", D("9.004000000000000007"), D("1.2"), D("0.75"), 18),
            Holding("USDT", D("31250.75"), D("2500.00"), D("800.10"), 2),
            Holding("SOL", D("120.25000000"), D("15")),
            Holding("WBT", D(0), main=D("88.5")),
        ),
    ),
    "spare": Person("Spare desk", "spare@example.org", 52, (Holding("BTC", D("0.02000000"), main=D("0.01")),)),
}

ACCOUNTS = {
    "probit": _PROBIT,
    "bitport": _BITPORT,
    "whitebit": _WHITEBIT,
    "whitebit-fast-key": _FAST_KEY,
    "example": _EXAMPLE,
    **LIVING,
}


def choose(provider: str, wanted: str) -> str | None:
    """The account's id, found by id, name or e-mail without regard to case."""
    for account_id, account in ACCOUNTS[provider].items():
        if wanted.lower() in (account_id, account.name.lower(), account.email.lower()):
            return account_id
    return None
