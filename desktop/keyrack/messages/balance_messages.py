"""Sentences about an account's balances: the requests for them, and the push stream."""

from keyrack.messages.message import Message

_LAST_GOOD = "The figures shown are the last good ones."
_TRIES_AGAIN = "Keyrack tries again by itself."

BALANCE_MESSAGES = {
    "api_token_refused": Message(
        "{provider} no longer accepts this token.",
        "It was withdrawn, or the right to read is missing.",
        "Sign in again.",
    ),
    "figures_refused": Message("{provider} did not give the figures.", "The sign-in is not affected.", _TRIES_AGAIN),
    "figures_not_permitted": Message(
        "{provider} did not give the figures.",
        "The sign-in works, but this key may not read them.",
        "Check the rights of the key at the provider.",
    ),
    "figures_not_understood": Message(
        "{provider} answered in a form that Keyrack does not know.", _LAST_GOOD, _TRIES_AGAIN
    ),
    "live_figures_interrupted": Message(
        "The live figures of {provider} were interrupted.", _LAST_GOOD, "Keyrack connects again by itself."
    ),
    # Follows the provider file's sentence on what the balances leave out
    "key_wallets_unreadable": Message("The key may not read: {wallets}."),
}
