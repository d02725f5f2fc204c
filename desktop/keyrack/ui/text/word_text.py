"""What the words mean that a person meets in Keyrack and nowhere else."""

from typing import Literal

from PySide6.QtCore import QCoreApplication

Word = Literal["token", "refresh_token", "sign_in_window", "scope", "pkce", "client", "redirect", "keyring"]

translate = QCoreApplication.translate


def word_text(word: Word) -> tuple[str, str]:
    """The word as it is written, and two or three sentences on it."""
    return _credentials().get(word) or _ways()[word]


def _credentials() -> dict[Word, tuple[str, str]]:
    return {
        "token": (
            translate("Words", "Token"),
            translate(
                "Words",
                "What a program shows a provider in place of your password. It opens only what its rights name, and it "
                "ends by itself, often within minutes. Whoever has it can use it until then.",
            ),
        ),
        "refresh_token": (
            translate("Words", "Refresh token"),
            translate(
                "Words",
                "A second token that is good for one thing: to ask for the next token. Keyrack keeps it in the keyring "
                "and never shows it.",
            ),
        ),
        "sign_in_window": (
            translate("Words", "Sign-in window"),
            translate(
                "Words",
                "How long your sign-in lasts if nothing renews it. While Keyrack runs it renews in time, so you do not "
                "meet the end. Close Keyrack for longer than that, and you sign in again.",
            ),
        ),
        "keyring": (
            translate("Words", "Keyring"),
            translate(
                "Words",
                "The store of passwords of your system, which opens when you sign in to the computer. Keyrack keeps "
                "secrets there and in no file.",
            ),
        ),
    }


def _ways() -> dict[Word, tuple[str, str]]:
    return {
        "scope": (
            translate("Words", "Scope"),
            translate(
                "Words",
                "OAuth's word for a right, such as to see balances. You agree to the scopes when you sign in. Ask for "
                "reading alone: Keyrack never trades and never withdraws.",
            ),
        ),
        "pkce": (
            translate("Words", "PKCE"),
            translate(
                "Words",
                "A one-time proof that the answer of a sign-in comes back to the program that asked. A program that "
                "sees the answer on its way cannot use it. Say “pixy”.",
            ),
        ),
        "client": (
            translate("Words", "Client id and client secret"),
            translate(
                "Words",
                "The name and the password of your own application at a provider. They say which program asks, and "
                "open no account by themselves.",
            ),
        ),
        "redirect": (
            translate("Words", "Redirect address"),
            translate(
                "Words",
                "Where the browser brings the answer of a sign-in: an address of this computer that no other computer "
                "can reach. It has to be registered at the provider letter for letter.",
            ),
        ),
    }
