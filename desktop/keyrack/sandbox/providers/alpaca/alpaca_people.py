"""The invented people of Alpaca, and what they hold.

`held` is what the positions are worth.
"""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
    "paper": Person(
        "Paper account", "mika.ono@example.org", 91, (Holding("USD", D("104210.55"), D("60500.25"), digits=2),)
    ),
    "live": Person("Live account", "live@example.net", 92, (Holding("USD", D("5120.08"), D("4000.00"), digits=2),)),
}
