"""The table of all settings: the only source for the file, the command line and the page."""

from typing import Any

from keyrack.core.preferences.setting import Choice, Setting
from keyrack.language.languages import LANGUAGES, SYSTEM

AnySetting = Setting[Any]


START_AT_LOGIN = Setting(
    "start_at_login", default=False, sentence="Start Keyrack when you sign in to the computer.", place="start"
)
START_HIDDEN = Setting(
    "start_hidden", default=True, sentence="Show no window at such a start, only the tray's icon.", place="start"
)
LANGUAGE = Setting(
    "language",
    SYSTEM,
    "Which language Keyrack speaks.",
    "look",
    (Choice(SYSTEM, "as the system"), *(Choice(code, name) for code, name in LANGUAGES.items())),
)
THEME = Setting(
    "theme",
    "system",
    "Which colours the window has.",
    "look",
    (Choice("system", "as the system"), Choice("light", "light"), Choice("dark", "dark")),
)
TEXT_SIZE = Setting(
    "text_size",
    100,
    "How large the text is, and with it all around it.",
    "look",
    tuple(Choice(percent, f"{percent} %") for percent in (80, 90, 100, 110, 125, 150, 175, 200)),
)
CLIPBOARD_SECONDS = Setting(
    "clipboard_seconds",
    30,
    "When a copied token is cleared from the clipboard.",
    "safety",
    tuple(Choice(seconds, f"after {seconds} seconds") for seconds in (10, 15, 30, 60, 120)),
)
IDLE_LOCK_MINUTES = Setting(
    "idle_lock_minutes",
    15,
    "When Keyrack locks while nobody uses its window.",
    "safety",
    (
        Choice(1, "after 1 minute"),
        *(Choice(minutes, f"after {minutes} minutes") for minutes in (5, 15, 30, 60)),
        Choice(0, "never"),
    ),
)
LOCK_WITH_SCREEN = Setting(
    "lock_with_screen",
    default=True,
    sentence="Lock Keyrack when the screen is locked or the computer goes to sleep.",
    place="safety",
)
AMOUNTS_AT_START = Setting(
    "amounts_at_start",
    "as_left",
    "Whether a start shows the amounts.",
    "safety",
    (Choice("as_left", "as they were left"), Choice("hidden", "hidden"), Choice("shown", "shown")),
)
TELL_OF_ACCOUNTS = Setting(
    "tell_of_accounts", default=True, sentence="Tell when an account needs you.", place="notices"
)
TELL_OF_PROGRAMS = Setting(
    "tell_of_programs", default=True, sentence="Tell when a program asks for a token.", place="notices"
)
TELL_OF_CLIPBOARD = Setting(
    "tell_of_clipboard",
    default=True,
    sentence="Tell when a token that was cleared is on the clipboard again.",
    place="notices",
)
BALANCES_SECONDS = Setting(
    "balances_seconds",
    60,
    "How often balances are asked for that no stream sends, while the window shows; hidden, a fifth as often.",
    "accounts",
    (
        Choice(60, "every minute"),
        *(Choice(60 * minutes, f"every {minutes} minutes") for minutes in (2, 5, 15, 30)),
    ),
)
PROGRAMS = Setting(
    "programs",
    "ask",
    "When a program gets the token of an account that you add in the window.",
    "accounts",
    (
        Choice("off", "never"),
        Choice("ask", "if you allow it"),
        Choice("allow", "always"),
    ),
)
PROXY = Setting(
    "proxy",
    "none",
    'How Keyrack connects: "none" directly, "system" as the system says, or the address of a proxy.',
    only_by="`keyrack proxy --use`, which keeps its password too",
)
CURRENCIES = ("USD", "EUR", "BTC", "ETH")
CURRENCY = Setting(
    "currency",
    CURRENCIES[0],
    "The currency of the sums.",
    choices=tuple(Choice(currency, currency) for currency in CURRENCIES),
)
OVERVIEW = Setting(
    "overview",
    "cards",
    "Whether the overview shows cards or a list.",
    choices=(Choice("cards", "cards"), Choice("list", "a list")),
)
HISTORY_PERIOD = Setting(
    "history_period",
    "week",
    "Which time the courses of the values show.",
    choices=tuple(Choice(period, f"a {period}") for period in ("day", "week", "month", "year")),
)
AMOUNTS = Setting(
    "amounts",
    "shown",
    "Whether amounts are hidden; the eye on the overview changes it.",
    choices=(Choice("shown", "shown"), Choice("hidden", "hidden")),
)
PINNED = Setting(
    "pinned",
    "",
    "The ids of the accounts that are pinned to the top, with spaces between them.",
    only_by="the account's menu in the window",
)

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
    BALANCES_SECONDS,
    PROGRAMS,
    PROXY,
    CURRENCY,
    OVERVIEW,
    HISTORY_PERIOD,
    AMOUNTS,
    PINNED,
)
BY_NAME = {setting.name: setting for setting in ALL}
