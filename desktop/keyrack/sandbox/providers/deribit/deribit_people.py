"""The invented people of Deribit, and what they hold."""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
    "options": Person(
        "Options desk",
        "options@example.org",
        61,
        (
            Holding("BTC", D("2.30517784"), D("0.64210000")),
            Holding("ETH", D("18.40210000"), D("3.2")),
            Holding("USDC", D("15020.117500"), D("900.5"), digits=6),
            Holding("SOL", D(0)),
        ),
    ),
    "second": Person("Second desk", "second@example.net", 62, (Holding("BTC", D("0.50000000")),)),
}
