"""Sentences about the lock, its passphrase, and programs that ask for a token."""

from keyrack.messages.message import Message

_NOT_GIVEN = "The token of {account} was not given."
_UNLOCK_FIRST = "Unlock it first, in its window or with `keyrack unlock`."
_READS_THERE = "Keyrack reads there whether a passphrase is set."

ACCESS_MESSAGES = {
    # The lock
    "keyrack_locked": Message("Keyrack is locked.", "It gives nothing away.", _UNLOCK_FIRST),
    "passphrase_needed": Message("A passphrase is set.", "Keyrack stays locked.", "Type it, then press Unlock."),
    "passphrase_not_set": Message("No passphrase is set.", "Keyrack stays locked.", "Press Unlock in its window."),
    "passphrase_not_set_for_agent": Message(
        "No lock passphrase is set.",
        "An agent has no window, so nobody could unlock it again.",
        "Set one with `keyrack lock --set-passphrase`.",
    ),
    "passphrase_wrong": Message("This is not the passphrase.", "Nothing was changed.", "Try again."),
    "passphrase_paused": Message(
        "{tries} passphrases in a row were wrong.",
        "Keyrack pauses, and did not look at this one.",
        "Try again in {seconds} seconds.",
    ),
    "passphrase_length": Message("A passphrase has {shortest} to {longest} characters.", todo="Choose another one."),
    "passphrase_record_unreadable": Message(
        "The keyring's entry for the passphrase cannot be read.",
        "Keyrack cannot tell whether this is the passphrase.",
        "Remove Keyrack's entry “lock” with the keyring's own program, then start Keyrack again.",
    ),
    # `{why}` is what the keyring's failure says happened.
    "passphrase_unread": Message("{why}", _READS_THERE, "Unlock the keyring, then try again."),
    "passphrase_unread_no_keyring": Message("{why}", _READS_THERE, "Start the keyring, then try again."),
    # Programs; `{name}` is the account's name quoted for a shell.
    "access_off": Message(
        "Scripts get no token of {account}.",
        "This is a setting of the account.",
        "To change it: `keyrack accounts set {name} --scripts ask`.",
    ),
    "access_while_locked": Message("Keyrack is locked.", "It gives no token of {account}.", _UNLOCK_FIRST),
    "access_denied_by_person": Message(
        _NOT_GIVEN, "The answer in Keyrack was no.", "Ask again in a minute, and allow it there."
    ),
    "access_prompt_impossible": Message(
        _NOT_GIVEN,
        "Keyrack asks before it gives this token, and nobody can answer now.",
        "Its window would ask you. Without one, allow scripts: `keyrack accounts set {name} --scripts allow`.",
    ),
    "access_prompt_expired": Message(
        _NOT_GIVEN,
        "Keyrack asked, and nobody answered in time.",
        "Answer the question in Keyrack, then try again.",
    ),
    "access_denied_recently": Message(
        _NOT_GIVEN,
        "The answer in Keyrack was no less than a minute ago.",
        "Wait a minute, then it asks again.",
    ),
    "access_prompts_full": Message(
        _NOT_GIVEN,
        "Too many programs wait for an answer in Keyrack.",
        "Answer its questions, then try again.",
    ),
    "access_prompt_withdrawn": Message(_NOT_GIVEN, "The question was withdrawn.", "Try again."),
}
