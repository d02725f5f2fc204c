"""Sentences about looking for a newer Keyrack."""

from keyrack.messages.message import Message

_NOT_BELIEVED = "The answer was not believed, and what Keyrack knew before still stands."
_TRY_LATER = "Try again later. If it goes on, tell whoever publishes the list."
_IN_THE_MIDDLE = (
    "Somebody on the way may be keeping newer versions from you. Look at the page you had Keyrack from, and tell "
    "whoever publishes the list."
)
_LOOK_AT_CLOCK = "Set the date of this computer, then look again."

UPDATE_MESSAGES = {
    # What was found. A command stands in the line below, as nothing but it may be copied with it.
    "update_none": Message("Keyrack {running} is the newest version."),
    "update_newer": Message("Keyrack {version} came out on {date}. This one is {running}."),
    "update_mends_security": Message("It mends a weakness of this one."),
    "update_by_file": Message(
        "Get {file} from {page}.",
        "Its SHA-256 is {sha256}.",
        "The line below brings it in, typed where the file is.",
    ),
    "update_by_command": Message("The line below brings it in."),
    "update_unpacked": Message(
        "The line below, typed where the file is, unpacks it beside this one.", "Start {start} in the new folder then."
    ),
    "update_no_file": Message("There is no file for the way this Keyrack was installed. The others are at {page}."),
    # Nobody was asked
    "update_no_list": Message(
        "No release list is published yet.",
        "Nobody was asked, and nothing was sent.",
        "A list of your own is named by `keyrack settings set updates_address ADDRESS`, and its key by "
        "`keyrack settings set updates_key KEY`.",
    ),
    "update_without_key": Message(
        "The key of the release list is missing.",
        "Without it no answer could be believed, so nobody was asked.",
        "Enter it by `keyrack settings set updates_key KEY`; whoever publishes the list tells it.",
    ),
    "update_key_invalid": Message(
        "The key of the release list is no public key of minisign.",
        "Without it no answer could be believed, so nobody was asked.",
        "Enter the second line of the file with the public key by `keyrack settings set updates_key KEY`.",
    ),
    "update_of_sandbox": Message("The sandbox looks for no updates.", "", "Ask without --sandbox."),
    # The answer
    "update_moved": Message(
        "{host} names another address for the release list.",
        "Keyrack follows no such hint, because it could lead anywhere.",
        "If the list has moved, enter its new address by `keyrack settings set updates_address ADDRESS`.",
    ),
    "update_not_served": Message("{host} has no release list there: it answered with HTTP {status}.", "", _TRY_LATER),
    "update_unsigned": Message("The release list is not signed.", _NOT_BELIEVED, _TRY_LATER),
    "update_signed_by_other": Message(
        "The release list is signed by somebody else.",
        _NOT_BELIEVED,
        "If its key was changed while this Keyrack was off for long, get the newest Keyrack from its page by hand, or "
        "enter the new key.",
    ),
    "update_signature_wrong": Message(
        "The signature of the release list is wrong.",
        f"The list was changed after it was signed. {_NOT_BELIEVED}",
        _TRY_LATER,
    ),
    "update_list_unreadable": Message("The release list cannot be read.", _NOT_BELIEVED, _TRY_LATER),
    "update_list_newer": Message(
        "The release list is of a newer kind.",
        "This Keyrack is too old to read it.",
        "Look at the page you had Keyrack from: there is a newer one.",
    ),
    "update_older": Message(
        "The release list of {made} is older than the one of {last} that was seen before.",
        _NOT_BELIEVED,
        _IN_THE_MIDDLE,
    ),
    "update_two_lists": Message(
        "There are two different release lists with the number {number}.", _NOT_BELIEVED, _IN_THE_MIDDLE
    ),
    "update_over": Message(
        "The release list of {made} was good until {until}, and today is {now} here.",
        "It says nothing about newer versions any more.",
        f"If that date is wrong, set the date of this computer, then look again. If it is right: {_IN_THE_MIDDLE}",
    ),
    "update_clock_behind": Message(
        "The clock of this computer says {now}, and a release list was made on {made}.",
        "One of them is wrong, so nothing can be said about the list's age.",
        _LOOK_AT_CLOCK,
    ),
    "update_clock_wrong": Message(
        "The clock of this computer cannot be right.",
        "Nothing can be said about the age of the release list.",
        _LOOK_AT_CLOCK,
    ),
    # The note of the last list
    "update_note_unread": Message(
        "What was seen of release lists cannot be read: {reason}.",
        "Without it an older list could pass for a new one, so nobody was asked.",
        "Look at Keyrack's state folder.",
    ),
    "update_note_newer": Message(
        "What was seen of release lists was stored by a newer Keyrack, in {file}.",
        "It was left as it is, and nobody was asked.",
        "Use the newer Keyrack.",
    ),
    "update_not_noted": Message(
        "The release list is good, but that it was seen could not be stored: {reason}.",
        "An older one could pass for a new one later.",
        "Free some space in Keyrack's state folder, then look again.",
    ),
}
