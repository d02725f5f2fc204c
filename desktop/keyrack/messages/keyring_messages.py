"""Sentences about the keyring and the records in it."""

from keyrack.messages.message import Message

_NOT_LOST = "Nothing was lost, but secrets cannot be read or saved now."

KEYRING_MESSAGES = {
    "keyring_failed": Message("The keyring failed.", _NOT_LOST, "Try again."),
    "keyring_not_read": Message("The keyring has not been read yet.", _NOT_LOST, "Try again."),
    "keyring_record_too_long": Message("The record is too long for the keyring.", _NOT_LOST, "Try again."),
    "keyring_locked": Message(
        "The keyring is locked.",
        "Your sign-ins are safe in it, but Keyrack cannot read them.",
        "Unlock the keyring, then press Try again.",
    ),
    "keyring_not_set_up": Message(
        "There is no keyring yet.",
        "Keyrack keeps secrets nowhere else, so they would last until it ends.",
        "Set it up now: its own program asks you for a password. Or go on for this session only.",
    ),
    "keyring_prompt_dismissed": Message(
        "The keyring's question was closed without an answer.",
        "The keyring stays locked; nothing was changed.",
        "Press Try again to be asked once more.",
    ),
    "keyring_denied": Message(
        "The keyring refused the request.",
        "Keyrack may not use the keyring, or the keyring cannot write its file.",
        "Allow Keyrack in the keyring's own program, check for a full disk, then press Try again.",
    ),
    "keyring_access_denied": Message(
        "{program} does not let Keyrack read its entries.",
        "Its question was closed or answered with no. Your sign-ins are safe in it; nothing was changed.",
        "Press Try again and allow it in the question that {program} shows.",
    ),
    "keyring_asks": Message(
        "{program} asks whether Keyrack may use its entries.",
        "Nothing was lost. Keyrack goes on when the question is answered.",
        "Answer the question of {program}, then press Try again.",
    ),
    "keyring_has_to_ask": Message(
        "{program} has to ask you before Keyrack may read its entries.",
        "Your sign-ins are safe in it. The question is shown only after you press Try again.",
        "Press Try again and allow all entries, also for the future, to be asked only once.",
    ),
    "keyring_kwallet_not_shown": Message(
        "KWallet does not show its new wallet to programs yet.",
        "It does so once it is started again. Nothing was lost.",
        "Sign out of the desktop and in again.",
    ),
    "keyring_kwallet_plugin_missing": Message(
        "KWallet lacks the plug-in that it encrypts with.",
        "Without it no program can store a secret in KWallet. Nothing was changed.",
        "Install the package libqca-qt5-2-plugins, start KWallet again, then press Try again.",
    ),
    "keyring_absent": Message(
        "There is no keyring on this computer that Keyrack can use.",
        "Secrets are never written anywhere else, so they cannot be kept after Keyrack ends.",
        "Start or install a keyring (GNOME Keyring, KWallet or KeePassXC), or go on for this session only.",
    ),
    "keyring_record_missing": Message(
        "The keyring has no entry for this account.",
        "It was removed outside Keyrack, another keyring is in use, or the account was never signed in.",
        "Start the keyring that you used before, or sign in again.",
    ),
    "keyring_secret_missing": Message(
        "The keyring has no entry for this account.",
        "It was removed outside Keyrack, and the client secret with it, or another keyring is in use.",
        "Start the keyring that you used before, or enter the credentials again and sign in.",
    ),
    "keyring_secret_corrupt": Message(
        "The keyring's entry for this account cannot be read.",
        "It was changed outside Keyrack or is damaged, and the client secret with it.",
        "Enter the credentials again, then sign in.",
    ),
    "keyring_connection_lost": Message(
        "The connection to the keyring was lost.",
        "The keyring's program or the session bus has ended.",
        "Start the keyring again or sign in to the desktop again; Keyrack goes on by itself.",
    ),
    "keyring_record_corrupt": Message(
        "The keyring's entry for this account cannot be read.",
        "It was changed outside Keyrack or is damaged.",
        "Sign in again; the old entry is kept aside.",
    ),
    "keyring_write_not_kept": Message(
        "The keyring did not keep what was written.",
        "It reported success, but reading the entry back gave something else.",
        "Try again; if it stays so, check the keyring's own program.",
    ),
    "keyring_record_newer": Message(
        "This account was saved by a newer version of Keyrack.",
        "This version does not understand the entry and leaves it as it is.",
        "Use the newer version for this account.",
    ),
    "keyring_stuck": Message(
        "The keyring does not answer.",
        "Its program hangs; no further request is sent until the last one comes back.",
        "Wait, or end the keyring's program and start it again.",
    ),
    "keyring_closed": Message("The keyring is closed.", "Keyrack is ending.", "Start Keyrack again."),
}
