"""The invented people of the example exchange, and what they hold."""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
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
