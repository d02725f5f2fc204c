"""The invented people of ProBit, and what they hold."""

from decimal import Decimal

from keyrack.sandbox.people.person import Holding, People, Person

D = Decimal

PEOPLE: People = {
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
