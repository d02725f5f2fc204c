"""The invented people of Gemini, and what they hold."""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
    "savings": Person(
        "Savings",
        "noor.haddad@example.org",
        51,
        (
            Holding("BTC", D("0.75310000"), D("0.05000000")),
            Holding("ETH", D("5.102030405060708090"), D("0.5"), digits=18),
            Holding("GUSD", D("8200.15"), digits=2),
            Holding("USD", D("1930.44"), D("250.00"), digits=2),
            Holding("LINK", D(0)),
        ),
    ),
    "household": Person("Household", "household@example.net", 52, (Holding("BTC", D("0.12000000")),)),
}
