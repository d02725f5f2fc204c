"""The invented people at the services that are open today, and what they hold."""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, Person

D = Decimal

_GEMINI = {
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

_DERIBIT = {
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

# Kraken's own names: the old ones carry a letter (Kraken Q8).
_KRAKEN = {
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
            Holding("XXDG", D(0)),
        ),
    ),
    "club": Person("Investment club", "club@example.net", 72, (Holding("XXBT", D("0.4000000000"), digits=10),)),
}

# Several cards may hold one currency (Uphold Q10).
_UPHOLD = {
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

# Held is what the positions are worth.
_ALPACA = {
    "paper": Person(
        "Paper account", "mika.ono@example.org", 91, (Holding("USD", D("104210.55"), D("60500.25"), digits=2),)
    ),
    "live": Person("Live account", "live@example.net", 92, (Holding("USD", D("5120.08"), D("4000.00"), digits=2),)),
}

LIVING = {"gemini": _GEMINI, "deribit": _DERIBIT, "kraken": _KRAKEN, "uphold": _UPHOLD, "alpaca": _ALPACA}
