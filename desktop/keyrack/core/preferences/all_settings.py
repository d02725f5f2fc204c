"""The table of all settings: the only source for the file, the command line and the page."""

from typing import Any

from keyrack.core.preferences.setting import Choice, Setting
from keyrack.language.languages import LANGUAGES, SYSTEM
from keyrack.language.translation import mark, mark_plural

AnySetting = Setting[Any]


START_AT_LOGIN = Setting(
    "start_at_login", default=False, text=mark("Start Keyrack when you sign in to the computer."), place="start"
)
START_HIDDEN = Setting(
    "start_hidden", default=True, text=mark("Show no window at such a start, only the tray's icon."), place="start"
)
LANGUAGE = Setting(
    "language",
    SYSTEM,
    mark("Which language Keyrack speaks."),
    "look",
    (Choice(SYSTEM, mark("as the system")), *(Choice(tag, name) for tag, name in LANGUAGES.items())),
)
THEME = Setting(
    "theme",
    "system",
    mark("Which colours the window has."),
    "look",
    (Choice("system", mark("as the system")), Choice("light", mark("light")), Choice("dark", mark("dark"))),
)
TEXT_SIZE = Setting(
    "text_size",
    100,
    mark("How large text and controls are."),
    "look",
    tuple(Choice(percent, f"{percent} %") for percent in (80, 90, 100, 110, 125, 150, 175, 200)),
)
CLIPBOARD_SECONDS = Setting(
    "clipboard_seconds",
    30,
    mark("When a copied token is cleared from the clipboard."),
    "safety",
    tuple(
        Choice(seconds, *mark_plural("after {n} second", "after {n} seconds"), seconds)
        for seconds in (10, 15, 30, 60, 120)
    ),
)
IDLE_LOCK_MINUTES = Setting(
    "idle_lock_minutes",
    15,
    mark("When Keyrack locks while nobody uses its window."),
    "safety",
    (
        *(
            Choice(minutes, *mark_plural("after {n} minute", "after {n} minutes"), minutes)
            for minutes in (1, 5, 15, 30, 60)
        ),
        Choice(0, mark("never")),
    ),
)
LOCK_WITH_SCREEN = Setting(
    "lock_with_screen",
    default=True,
    text=mark("Lock Keyrack when the screen is locked or the computer goes to sleep."),
    place="safety",
)
AMOUNTS_AT_START = Setting(
    "amounts_at_start",
    "as_left",
    mark("Whether a start shows the amounts."),
    "safety",
    (Choice("as_left", mark("as they were left")), Choice("hidden", mark("hidden")), Choice("shown", mark("shown"))),
)
TELL_OF_ACCOUNTS = Setting(
    "tell_of_accounts", default=True, text=mark("Tell when an account needs you."), place="notices"
)
TELL_OF_PROGRAMS = Setting(
    "tell_of_programs", default=True, text=mark("Tell when a program asks for a token."), place="notices"
)
TELL_OF_CLIPBOARD = Setting(
    "tell_of_clipboard",
    default=True,
    text=mark("Tell when a token that was cleared is on the clipboard again."),
    place="notices",
)
TELL_OF_UPDATES = Setting(
    "tell_of_updates", default=True, text=mark("Tell once when there is a newer Keyrack."), place="notices"
)
BALANCES_SECONDS = Setting(
    "balances_seconds",
    60,
    mark("How often balances are asked for that no stream sends, while the window shows; hidden, a fifth as often."),
    "accounts",
    (
        Choice(60, mark("every minute")),
        *(
            Choice(60 * minutes, *mark_plural("every {n} minute", "every {n} minutes"), minutes)
            for minutes in (2, 5, 15, 30)
        ),
    ),
)
PROGRAMS = Setting(
    "programs",
    "ask",
    mark("When a program gets the token of an account that you add in the window."),
    "accounts",
    (
        Choice("off", mark("never")),
        Choice("ask", mark("if you allow it")),
        Choice("allow", mark("always")),
    ),
)
PROXY = Setting(
    "proxy",
    "none",
    mark('How Keyrack connects: "none" directly, "system" as the system says, or the address of a proxy.'),
    only_by=mark("`keyrack proxy --use`, which keeps its password too"),
)
CURRENCIES = ("USD", "EUR", "BTC", "ETH")
CURRENCY = Setting(
    "currency",
    CURRENCIES[0],
    mark("The currency of the sums."),
    choices=tuple(Choice(currency, currency) for currency in CURRENCIES),
)
OVERVIEW = Setting(
    "overview",
    "cards",
    mark("Whether the overview shows cards or a list."),
    choices=(Choice("cards", mark("cards")), Choice("list", mark("a list"))),
)
_PERIODS = (("day", mark("a day")), ("week", mark("a week")), ("month", mark("a month")), ("year", mark("a year")))
HISTORY_PERIOD = Setting(
    "history_period",
    "week",
    mark("Which time the courses of the values show."),
    choices=tuple(Choice(period, words) for period, words in _PERIODS),
)
AMOUNTS = Setting(
    "amounts",
    "shown",
    mark("Whether amounts are hidden; the eye on the overview changes it."),
    choices=(Choice("shown", mark("shown")), Choice("hidden", mark("hidden"))),
)
PINNED = Setting(
    "pinned",
    "",
    mark("The ids of the accounts that are pinned to the top, with spaces between them."),
    only_by=mark("the account's menu in the window"),
)

LOOK_FOR_UPDATES = Setting(
    "look_for_updates", default=False, text=mark("Look for a newer Keyrack once a day."), place="about"
)
UPDATES_ADDRESS = Setting("updates_address", "", mark("The address of a release list of your own."))
UPDATES_KEY = Setting("updates_key", "", mark("The public key that signs it, as minisign writes it."))

ALL: tuple[AnySetting, ...] = (
    START_AT_LOGIN,
    START_HIDDEN,
    LANGUAGE,
    THEME,
    TEXT_SIZE,
    CLIPBOARD_SECONDS,
    IDLE_LOCK_MINUTES,
    LOCK_WITH_SCREEN,
    AMOUNTS_AT_START,
    TELL_OF_ACCOUNTS,
    TELL_OF_PROGRAMS,
    TELL_OF_CLIPBOARD,
    TELL_OF_UPDATES,
    BALANCES_SECONDS,
    PROGRAMS,
    PROXY,
    CURRENCY,
    OVERVIEW,
    HISTORY_PERIOD,
    AMOUNTS,
    PINNED,
    LOOK_FOR_UPDATES,
    UPDATES_ADDRESS,
    UPDATES_KEY,
)
BY_NAME = {setting.name: setting for setting in ALL}
