"""The invented people of Uphold, and what they hold.

Several cards may hold one currency (Uphold Q10).
"""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
    "cards": Person(
        "Cards",
        "tomas.lind@example.org",
        81,
        (
            Holding("BTC", D("0.30100000")),
            Holding("BTC", D("0.12050000"), D("0.02")),
            Holding("XRP", D("2210.500000"), digits=6),
            Holding("USD", D("940.18"), digits=2),
            Holding("BTC", D("0.00950000")),
            Holding("ETH", D(0)),
        ),
    ),
    "travel": Person("Travel", "travel@example.net", 82, (Holding("EUR", D("410.00"), digits=2),)),
}
