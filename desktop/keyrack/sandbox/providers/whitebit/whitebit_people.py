"""The invented people of WhiteBIT, and what they hold."""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
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
    "collector": Person(
        "Collector of 1,000 assets",
        "collector@example.org",
        23,
        (Holding("BTC", D("0.10250000")), *(Holding(f"COIN{n:03}", D(n * n) / 8, digits=3) for n in range(1, 1000))),
    ),
}
