"""Sentences about accounts that several hosts share, and about the etcd that they share them through.

`{address}` is the address of one member, and `{addresses}` those of all.
"""

from keyrack.messages.message import Message

_NOTHING_LOST = "Nothing was changed or lost. Tokens that are here serve until they end."
_ASK_OPERATOR = "Ask whoever runs the etcd."

SHARING_MESSAGES = {
    "share_code_not_one": Message(
        "This is not a code for joining a group.",
        "Nothing was asked.",
        "A code has six groups of five letters and digits. `keyrack share invite` shows it on a host of the group.",
    ),
    "share_code_slip": Message(
        "There is a slip in this code.", "Nothing was asked, and the invitation still stands.", "Enter it again."
    ),
    "share_file_link_empty": Message(
        "`sharing.toml` is a link to {path}, and nothing is there.",
        "Whether this host belongs to a group cannot be said. Nothing is shared.",
        "Bring back what holds the file.",
    ),
    "share_file_newer": Message(
        "A newer Keyrack wrote {path}.",
        "It was left as it is, and nothing is shared from this host.",
        "Update Keyrack on this host.",
    ),
    "share_file_no_toml": Message(
        "{path} is not whole.",
        "It was left as it is, and nothing is shared from this host.",
        "Correct it, or run `keyrack share leave` and join again.",
    ),
    "share_file_not_written": Message(
        "{path} could not be changed: {reason}.", "Nothing else was changed.", "Free some space, or mend its rights."
    ),
    "share_file_unreadable": Message(
        "{path} cannot be read: {reason}.", "Nothing is shared from this host.", "Make the file readable."
    ),
    "share_file_wrong_value": Message(
        "In {path} “{key}” has no value that it may have.",
        "The file was left as it is, and nothing is shared from this host.",
        "Correct it; docs/sharing.md says what it may be.",
    ),
    "share_group_exists": Message(
        "There is a group below {prefix} already.",
        "It was left as it is. Its key is on the hosts that are in it.",
        "Join it with `keyrack share join`, or give the new group another name.",
    ),
    "share_group_foreign": Message(
        "What stands at {prefix}group in the shared store is not from Keyrack.",
        "It was left as it is, and nothing is shared.",
        "Give the group a name that nothing else uses.",
    ),
    "share_group_missing": Message(
        "There is no group below {prefix} in the shared store.",
        "The store lost it, or is not the one that it was.",
        "Ask whoever runs it. If it is gone for good, run `keyrack share leave` and make a new group.",
    ),
    "share_group_newer": Message(
        "A newer Keyrack changed the group below {prefix}.",
        "This one cannot read it, and leaves it as it is.",
        "Update Keyrack on this host.",
    ),
    "share_group_other": Message(
        "Below {prefix} stands another group than the one that this host belongs to.",
        "Somebody deleted it and made a new one of the same name. Nothing is shared.",
        "Run `keyrack share leave`, then join the new group.",
    ),
    "share_in_group": Message(
        "This host belongs to a group already, as {path} says.",
        "A host is in one group at most. Nothing was changed.",
        "Leave it first, with `keyrack share leave`.",
    ),
    "share_invitation_changed": Message(
        "What the invitation brought cannot be read.",
        "Someone changed it in the store, or the hosts have different versions of Keyrack. Nothing was kept.",
        "Ask for a new invitation.",
    ),
    "share_invitation_none": Message(
        "There is no invitation with this code.",
        "It is over after ten minutes, and each is good for one host. The group's name may be another one too.",
        "Ask for a new one: `keyrack share invite` on a host of the group.",
    ),
    "share_invitation_over": Message(
        "The invitation is over.", "Nobody was let in.", "Give a new one with `keyrack share invite`."
    ),
    "share_invitation_refused": Message(
        "The other host did not let this one in, or the ten minutes are over.",
        "Nothing was kept.",
        "Ask for a new invitation.",
    ),
    "share_invitation_tried": Message(
        "Someone without the code wrote into the invitation.",
        "It was ended, and nobody got the key.",
        "Find out who may write to the store, then give a new invitation.",
    ),
    "share_invitation_used": Message(
        "Another host has asked with this code already.",
        "Each code is good for one host.",
        "If that was not you, refuse it on the host that invites. Ask for a new code.",
    ),
    "share_keep_needs_store": Message(
        "The group of this host cannot be opened, so its accounts cannot become this host's own.",
        "The other hosts could not be told, and two would use the same sign-in. Nothing was changed.",
        "Connect to the shared store, or leave with `keyrack share leave --drop` and sign in again.",
    ),
    "share_key_change_overtaken": Message(
        "The group was changed by another host at the same time.",
        "Some records may have the new key already. This host has both keys.",
        "Run `keyrack share rotate-key` again.",
    ),
    "share_key_change_unfinished": Message(
        "The change of the group's key was cut off.",
        "Until it is done nobody can be invited.",
        "Run `keyrack share rotate-key` again.",
    ),
    "share_key_given_up": Message(
        "The record {address} in the shared store was sealed with key {number}, which the group has given up.",
        "It is not used. Another host, or someone with an old key, wrote it.",
        "Let the host that wrote it join again.",
    ),
    "share_key_newer": Message(
        "The group has another key: number {number}, and this host knows {newest}.",
        "Someone changed it with `keyrack share rotate-key`. This host cannot read what is shared any more.",
        "Run `keyrack share invite` on a host that has the new key, and `keyrack share join` here.",
    ),
    "share_key_wrong": Message(
        "This host has another key than the group below {prefix}.",
        "Nothing that is shared can be read, and nothing was written.",
        "Run `keyrack share invite` on another host of the group, and `keyrack share join` here.",
    ),
    "share_no_group": Message(
        "This host belongs to no group.",
        "It shares no accounts.",
        "Make one with `keyrack share init`, or join one with `keyrack share join`.",
    ),
    "share_no_invitation": Message(
        "This host has given no invitation.",
        "None was given since Keyrack was started, or it was ended.",
        "Give one with `keyrack share invite`.",
    ),
    "share_not_joining": Message(
        "This host is not joining a group.",
        "It has not begun to since Keyrack was started, or its try is over.",
        "Begin with `keyrack share join`.",
    ),
    "share_wrong_value": Message(
        "“{key}” has no value that it may have.",
        "Nothing was changed.",
        "A group's name has up to 32 small letters, digits and dashes; a host's name has up to 64 characters.",
    ),
    "share_not_shared": Message(
        "“{name}” is not shared.", "It is this host's own.", "Share it with `keyrack share add`."
    ),
    "share_passphrase_of_lock": Message(
        "The passphrase that unlocks Keyrack is missing.",
        "Every host of a group gets what is shared, so it is needed to let a host in or to share an account.",
        "Give it as “lock_passphrase”.",
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
        "If the backup was restored on purpose, run `keyrack share rotate-key --after-restore`, and sign in again.",
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
    "shared_address_unsafe": Message(
        "{address} cannot be an address of the shared store.",
        "Keyrack speaks https to it, and http on this computer alone: http://127.0.0.1:2379.",
        "Give the member's client address without a path.",
    ),
    "shared_addresses_missing": Message(
        "No address of the shared store is set.",
        "Nothing was changed.",
        "Name one for each member, such as https://etcd-1.example:2379.",
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
        "Ask whoever runs the etcd to allow more, with `--max-request-bytes`.",
    ),
    "shared_store_answer_lost": Message(
        "The shared store broke off while it wrote.",
        "Nobody knows yet whether the record was written, so Keyrack reads it before it goes on.",
        "Nothing has to be done.",
    ),
    "shared_store_away": Message(
        "The shared store does not answer.",
        "No member of {addresses} could be asked, or most of them are away. " + _NOTHING_LOST,
        "Check the network, and whether etcd runs there. Keyrack goes on trying.",
    ),
    "shared_store_compacted": Message(
        "The shared store no longer keeps the changes since this host last looked.",
        "Keyrack reads all records again, and nothing is lost.",
        "Nothing has to be done.",
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
