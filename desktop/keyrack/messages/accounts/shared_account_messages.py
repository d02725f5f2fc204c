"""Sentences about accounts that several hosts share."""

from keyrack.messages.message import Message

SHARED_ACCOUNT_MESSAGES = {
    "shared_not_stored": Message(
        "The shared store did not confirm the new token: {why}",
        "The token is in memory only, and the other hosts do not have it yet. Keyrack goes on trying to store it.",
        "Do not quit Keyrack on this host before the store answers again.",
    ),
    "shared_change_not_stored": Message(
        "The shared store did not confirm the change: {why}",
        "The other hosts may know of it all the same. Keyrack reads what became of it before it writes again.",
        "Try again when the shared store answers.",
    ),
    "shared_not_read": Message(
        "The shared store has not been read yet.",
        "This account is shared, and what renews it lies in that store. Nothing was lost.",
        "See that the shared store answers. Keyrack goes on by itself.",
    ),
    "shared_outrun": Message(
        "Another host stored a newer record of this account at the same moment.",
        "That record is the one in force on all hosts.",
        "Try again if something is missing.",
    ),
    "shared_not_the_renewer": Message(
        "This host may not renew the account now, and nothing was sent to the provider.",
        "Another host renews it, or this one could not tell the shared store in time that it is still there.",
        "Try again in a minute. `keyrack share list` says which host renews it.",
    ),
    "shared_renewal_under_way": Message(
        "A renewal is under way on “{host}”.",
        "What it brings would be lost if the account went from there now. Nothing was changed.",
        "Try again in a minute.",
    ),
    "shared_answer_awaited": Message(
        "The host “{host}” began a renewal and was lost before it stored what it got.",
        "It may still come back with the new token, so this host waits until the present one is about to end.",
        "Connect “{host}” again if it still runs.",
    ),
    "shared_nothing": Message(
        "This host shares no accounts now.",
        "It belongs to no group of hosts, or the group could not be opened yet.",
        "Make a group with `keyrack share init`, or join one with `keyrack share join`.",
    ),
    "shared_key_account": Message(
        "“{account}” signs with an API key, which is not shared.",
        "Requests with one key from several hosts would get into each other's way. Nothing was changed.",
        "Make a key of its own for each host.",
    ),
    "shared_not_renewed_there": Message(
        "The host “{host}”, which renews this account, brought no newer token in time.",
        "The present token serves until it ends.",
        "See how the account stands on “{host}”, or have it renewed here.",
    ),
    "shared_record_gone": Message(
        "The shared record of this account is gone from the shared store.",
        "Somebody deleted it there, and no host can renew the account. The present token serves until it ends.",
        "Remove the account on all hosts, add it on one of them, sign in and share it again.",
    ),
}
