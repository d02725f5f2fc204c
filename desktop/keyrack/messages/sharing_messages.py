"""Sentences about accounts that several hosts share."""

from keyrack.messages.message import Message

SHARING_MESSAGES = {
    "share_key_given_up": Message(
        "The record {address} in the shared store was sealed with key {number}, which the group has given up.",
        "It is not used. Another host, or someone with an old key, wrote it.",
        "Let the host that wrote it join again.",
    ),
    "share_key_newer": Message(
        "The group has another key: number {number}, and this host knows {newest}.",
        "Someone changed it with `keyrack share rotate-key`. This host cannot read what is shared any more.",
        "Have a host that has the new key invite this one, and run `keyrack share join` here.",
    ),
    "share_record_changed": Message(
        "The record {address} in the shared store cannot be opened.",
        "It was changed, moved there from another place, or sealed with another group's key. It is not used.",
        "Find out who may write to the store. `keyrack share list` says whether this host has the group's key.",
    ),
    "share_record_foreign": Message(
        "What stands at {address} in the shared store is not from Keyrack.",
        "It is not used, and was left as it is.",
        "Give Keyrack a prefix of its own in the store.",
    ),
    "share_record_newer": Message(
        "A newer Keyrack wrote the record {address} in the shared store.",
        "This one cannot read it, and leaves it as it is.",
        "Update Keyrack on this host.",
    ),
    "share_record_went_back": Message(
        "The record {address} in the shared store is older than what this host has read there.",
        "It follows revision {revision}, after {seen} was seen: the store was restored from a backup, or someone put an"
        " old record back. Its sign-in may be used up, so it is not used.",
        "If the backup was restored on purpose, run `keyrack share rotate-key` on the host with the newest sign-ins.",
    ),
    "share_seen_newer": Message(
        "A newer Keyrack wrote {path}.",
        "It holds what was read from the shared store, and was left as it is. Nothing is shared until then.",
        "Update Keyrack on this host.",
    ),
    "share_seen_unreadable": Message(
        "The note of what was read from the shared store cannot be read: {reason}.",
        "Without it an old record could not be told from a new one, so nothing is shared.",
        "Make Keyrack's state folder readable, and start Keyrack again.",
    ),
}
