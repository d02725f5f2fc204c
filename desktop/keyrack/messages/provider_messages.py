"""Sentences about what a provider's API answers: balances, live figures, prices and metadata."""

from keyrack.messages.message import Message

_LAST_GOOD = "The figures shown are the last good ones."
_TRIES_AGAIN = "Keyrack tries again by itself."
_NOTHING_TAKEN = ("Nothing was taken from it.", "Write the addresses into the file, or correct issuer and metadata.")
_OLD_PRICES = ("Values are shown at the last known prices.", _TRIES_AGAIN)

PROVIDER_MESSAGES = {
    "api_token_refused": Message(
        "{provider} no longer accepts this token.",
        "It was withdrawn, or the right to read is missing.",
        "Sign in again.",
    ),
    "token_refused_for_now": Message(
        "{provider} refuses this token for the moment.",
        "It may have been withdrawn, or the provider has a fault. Your sign-in is kept.",
        "Keyrack asks again by itself for some minutes.",
    ),
    "figures_refused": Message("{provider} did not give the figures.", "The sign-in is not affected.", _TRIES_AGAIN),
    "figures_not_permitted": Message(
        "{provider} did not give the figures.",
        "The sign-in works, but this key may not read them.",
        "Check the rights of the key at the provider.",
    ),
    "api_not_listed": Message(
        "{provider} named no address of its API that its file lists.",
        "The sign-in works, but the token is sent to no address that the file does not name.",
        "Add the address to the provider's file.",
    ),
    "accounts_too_many": Message(
        "{provider} names more than {most} accounts of yours.",
        "Keyrack asks for the balances of each, and shows none rather than a part of them.",
        "Use an account of the provider that sees fewer.",
    ),
    "figures_not_understood": Message(
        "{provider} answered in a form that Keyrack does not know.", _LAST_GOOD, _TRIES_AGAIN
    ),
    "live_figures_interrupted": Message(
        "The live figures of {provider} were interrupted.", _LAST_GOOD, "Keyrack connects again by itself."
    ),
    # The announced end of a service
    "end_coming": Message("{company} ends this way to sign in on {day}."),
    "end_announced": Message("{company} announced its removal for {day}."),
    # Follows the provider file's sentence on what the balances leave out
    "key_wallets_unreadable": Message("The key may not read: {wallets}."),
    "row_unread": Message("{count} row could not be read, or not as a whole."),
    "rows_unread": Message("{count} rows could not be read, or not as a whole."),
    "row_beyond": Message("{count} row is beyond the number that Keyrack reads."),
    "rows_beyond": Message("{count} rows are beyond the number that Keyrack reads."),
    # Follows the same sentence
    "currencies_polled": Message("Not live, but polled: {assets}."),
    "prices_refused": Message("{provider} did not tell its prices.", *_OLD_PRICES),
    "prices_not_understood": Message("{provider} told its prices in a form that Keyrack does not know.", *_OLD_PRICES),
    "metadata_status": Message("{host} answered with status {status} in the place of its metadata.", *_NOTHING_TAKEN),
    "metadata_of_other_issuer": Message(
        "The metadata of {host} belongs to another issuer than the file names.", *_NOTHING_TAKEN
    ),
    "metadata_unsafe_address": Message(
        "The {name} in the metadata of {host} is not a bare https address.", *_NOTHING_TAKEN
    ),
    "metadata_without_token_endpoint": Message("The metadata of {host} names no token_endpoint.", *_NOTHING_TAKEN),
}
