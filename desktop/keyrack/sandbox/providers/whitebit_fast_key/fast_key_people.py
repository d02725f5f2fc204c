"""The invented people of WhiteBIT with an API key, and what they hold."""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
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
