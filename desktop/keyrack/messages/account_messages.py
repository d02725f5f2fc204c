"""Sentences about accounts, their settings and their files."""

from keyrack.messages.message import Message

ACCOUNT_MESSAGES = {
    "unexpected": Message(
        "Keyrack met an error of its own.", "Nothing was changed.", "Try again; the log file names the error."
    ),
}
