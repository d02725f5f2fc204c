"""The topics of the help: short, in the order in which a person meets them."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from keyrack.ui.text.word_text import Word

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Topic:
    """One card: a heading, its steps or sentences, and the words that a press explains.

    With `states` the pictures of the states stand below its first sentence.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    words: tuple[Word, ...] = ()
    states: bool = False


def topics() -> tuple[Topic, ...]:
    """Every topic."""
    return (_token(), _first_token(), _own_account(), _every_day(), _scripts(), _trouble())


def _token() -> Topic:
    return Topic(
        "token",
        translate("Help", "What Keyrack does"),
        (
            translate(
                "Help",
                "An exchange lets a program in by a token that ends within minutes. Keyrack signs in once, renews the "
                "token in time, and gives you a fresh one whenever you need it.",
            ),
            translate("Help", "Press a word with dots below it, here or on an account, to have it explained."),
        ),
        ("token", "refresh_token", "sign_in_window", "scope", "pkce", "client", "redirect", "keyring"),
    )


def _first_token() -> Topic:
    return Topic(
        "first",
        translate("Help", "Your first token, without an account"),
        (
            translate("Help", "1. Start the sandbox: Try it with the built-in sandbox, or keyrack --sandbox."),
            translate("Help", "2. Click the card Main desk, and press Sign in. It needs no browser."),
            translate("Help", "3. Press Copy token. The clipboard is cleared 30 seconds later."),
            translate("Help", "Nothing in the sandbox is real, and no real secret is touched."),
        ),
    )


def _own_account() -> Topic:
    return Topic(
        "own",
        translate("Help", "Your own account"),
        (
            translate("Help", "1. Press Add account (Ctrl+N), and choose the provider."),
            translate(
                "Help",
                "2. At the provider make an application of your own. Register the redirect address that the form "
                "shows, letter for letter. Ask for reading rights alone.",
            ),
            translate("Help", "3. Enter the client id and the secret. A copied pair may be pasted into either field."),
            translate("Help", "4. Press Save and sign in. Keyrack reads the balances and says whether that worked."),
        ),
        ("client", "redirect", "scope"),
    )


def _every_day() -> Topic:
    return Topic(
        "day",
        translate("Help", "Every day"),
        (
            translate(
                "Help", "Green renews by itself. Amber is late and tried again. Red needs you. Grey is signed out."
            ),
            translate(
                "Help", "Close the window, and Keyrack goes on in the tray. A Keyrack that is quit renews nothing."
            ),
            translate(
                "Help", "Ctrl+C copies the token of the account that is open or chosen. Ctrl+H hides the amounts."
            ),
            translate(
                "Help",
                "Ctrl+click and Shift+click select several accounts. The bar below the page says what can be done with "
                "all of them. One Undo brings back all that were removed together.",
            ),
        ),
        ("sign_in_window",),
        states=True,
    )


def _scripts() -> Topic:
    return Topic(
        "scripts",
        translate("Help", "Your own programs"),
        (
            translate(
                "Help", "keyrack token NAME prints a fresh token. keyrack run NAME -- COMMAND hands it to a program."
            ),
            translate("Help", "Keyrack asks you about each new program. The account's page shows who got a token."),
            translate("Help", "keyrack --help and man keyrack name every verb. Tab completes them and the accounts."),
        ),
        ("token",),
    )


def _trouble() -> Topic:
    return Topic(
        "trouble",
        translate("Help", "When something does not work"),
        (
            translate("Help", "The account's page says what happened, what it means and what to do. Start there."),
            translate("Help", "No connection: look at How Keyrack connects, in the menu below the accounts."),
            translate("Help", "No keyring: the page says which one is missing or locked, and offers to unlock it."),
            translate("Help", "Activity shows what went wrong when. The log says more to those who know the program."),
            translate("Help", "Diagnostics is one text to send to whoever helps you. It holds no secret and no name."),
        ),
        ("keyring",),
    )
