"""Sentences about what a provider's API and its metadata answer."""

from keyrack.messages.message import Message

_NOTHING_TAKEN = ("Nothing was taken from it.", "Write the addresses into the file, or correct issuer and metadata.")
_OLD_PRICES = ("Values are shown at the last known prices.", "Keyrack tries again by itself.")

PROVIDER_MESSAGES = {
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
