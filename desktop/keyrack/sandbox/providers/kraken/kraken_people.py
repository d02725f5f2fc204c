"""The invented people of Kraken, and what they hold.

The assets have Kraken's own names: the old ones carry a letter (Kraken Q8).
"""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
    "main": Person(
        "Main",
        "lea.brandt@example.org",
        71,
        (
            Holding("XXBT", D("1.2030405060"), D("0.1"), digits=10),
            Holding("XETH", D("9.8000000001"), digits=10),
            Holding("ZUSD", D("12850.4400"), D("1500"), digits=4),
            Holding("ZEUR", D("3300.1200"), digits=4),
            Holding("DOT", D("140.5000000000"), digits=10),
            Holding("DOT.S", D("60.0000000000"), digits=10),
            Holding("XBT.F", D("0.2500000000"), digits=10),
            Holding("DOT28.S", D("3.0000000000"), digits=10),
            Holding("USD.HOLD", D("5.0000"), digits=4),
            Holding("XXDG", D(0)),
        ),
    ),
    "club": Person("Investment club", "club@example.net", 72, (Holding("XXBT", D("0.4000000000"), digits=10),)),
}
