"""Sentences about accounts that several hosts share, and about the etcd that they share them through.

`{address}` is the address of one member, and `{addresses}` those of all.
"""

from keyrack.messages.message import Message

_NOTHING_LOST = "Nothing was changed or lost. Tokens that are here serve until they end."
_ASK_OPERATOR = "Ask whoever runs the etcd."

SHARING_MESSAGES = {
    "shared_addresses_missing": Message(
        "No address of the shared store is set.", "", "Name one for each member, such as https://etcd-1.example:2379."
    ),
    "shared_address_unsafe": Message(
        "{address} cannot be an address of the shared store.",
        "Keyrack speaks https to it, and http on this computer alone: http://127.0.0.1:2379.",
        "Give the member's client address without a path.",
    ),
    "shared_lease_gone": Message(
        "This host's lease in the shared store has ended.",
        "It was away for too long, so that another host may renew the accounts now. Nothing was written.",
        "Nothing has to be done: it takes a new lease by itself.",
    ),
    "shared_login_needed": Message(
        "The shared store wants a user name and a password.", _NOTHING_LOST, "Enter those of this group."
    ),
    "shared_password_wrong": Message(
        "The shared store does not take this user name and password.",
        _NOTHING_LOST,
        "Enter them again, or ask whoever runs the etcd.",
    ),
    "shared_request_too_large": Message(
        "A record is too large for the shared store.",
        "It takes 1.5 MiB at once, unless its operator says otherwise. Nothing was written.",
    ),
    "shared_store_answer_lost": Message(
        "The shared store broke off while it wrote.",
        "Nobody knows yet whether the record was written, so Keyrack reads it before it goes on.",
    ),
    "shared_store_away": Message(
        "The shared store does not answer.",
        "No member of {addresses} could be asked, or most of them are away. " + _NOTHING_LOST,
        "Check the network, and whether etcd runs there. Keyrack goes on trying.",
    ),
    "shared_store_compacted": Message(
        "The shared store no longer keeps the changes since this host last looked.",
        "Keyrack reads all records again, and nothing is lost.",
    ),
    "shared_store_full": Message(
        "The shared store is full.",
        "Its etcd takes no writes until it has room, so nothing can be renewed that rotates. " + _NOTHING_LOST,
        "Whoever runs the etcd compacts and defragments it, and disarms its alarm.",
    ),
    "shared_store_older": Message(
        "The shared store has gone back to an older state.",
        "It was at revision {seen} and is at {revision} now, as after a restored backup. Its refresh tokens may be "
        "used up, so Keyrack takes and writes nothing there.",
        "See “Back-up and restore” in docs/sharing.md.",
    ),
    "shared_store_other": Message(
        "{address} belongs to another etcd cluster than before.",
        "It says that its cluster is {cluster}, and this group is in {expected}. Nothing was written there.",
        "Correct the address. If the etcd was set up anew, leave the group and join it again.",
    ),
    "shared_store_refused": Message(
        "The shared store does not let this host to the records of its group.", _NOTHING_LOST, _ASK_OPERATOR
    ),
    "shared_store_too_large": Message(
        "The shared store sent an answer that is too large.", "Keyrack stopped reading. " + _NOTHING_LOST, _ASK_OPERATOR
    ),
    "shared_store_unreadable": Message(
        "{address} did not answer as etcd 3.4 or newer does.",
        _NOTHING_LOST,
        "Check that this is the client address of an etcd, and that its gRPC gateway is on.",
    ),
}
