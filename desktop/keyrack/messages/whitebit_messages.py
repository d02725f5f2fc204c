"""Sentences about WhiteBIT's keys."""

from keyrack.messages.message import Message

WHITEBIT_MESSAGES = {
    # Requests about keys
    "whitebit_grant_ended": Message(
        "The sign-in at WhiteBIT that makes and deletes keys has ended.",
        "It was not renewed in time, you took it back at WhiteBIT, or the client lacks the right. "
        "A key that you hold goes on working, unless you took the access back.",
        "Sign in again.",
    ),
    "whitebit_key_foreign": Message(
        "WhiteBIT says that this key was not made for this client.",
        "It belongs to another program, you made it by hand, or the client lacks the right. Keyrack leaves it alone.",
        "Check the client id; delete the key on WhiteBIT's page if you do not need it.",
    ),
    "whitebit_key_gone": Message(
        "WhiteBIT does not find the key.",
        "It was deleted meanwhile, by you, by a changed password or by WhiteBIT itself.",
        "Sign in again to make a new one.",
    ),
    "whitebit_secret_taken": Message(
        "WhiteBIT has handed out this key's secret before, and shows it only once.",
        "Keyrack does not hold it: the answer was lost on the way, or another computer has it. "
        "Without its secret this key cannot be used here.",
        "Delete the key at WhiteBIT from the menu of this account, then sign in again to make a new one.",
    ),
    "whitebit_key_busy": Message(
        "WhiteBIT is still busy with another request for this key's secret.",
        "Nothing is lost: the secret was not handed out.",
        "Sign in again in some minutes; the browser is not needed for that.",
    ),
    "whitebit_key_request_refused": Message(
        "WhiteBIT refused the request for the key.",
        "Nothing was changed.",
        "Look at WhiteBIT's own words below, then try again.",
    ),
    "whitebit_key_response_unknown": Message(
        "WhiteBIT answered about the key in a form that Keyrack does not know.",
        "Nothing was changed.",
        "Try again; look for a newer Keyrack if it stays so.",
    ),
    # Signed calls
    "whitebit_key_unknown": Message(
        "WhiteBIT does not know this key, or its secret is wrong.",
        "The key was deleted, or ended with a changed password, a blocked account or an access that you took back.",
        "Sign in again to make a new key.",
    ),
    "whitebit_nonce_refused": Message(
        "WhiteBIT has seen a later request with this key already.",
        "This computer's clock went back, or another program uses the same key. Nothing is wrong with the key.",
        "Check the clock, and use the key in one program only.",
    ),
    "whitebit_clock_wrong": Message(
        "WhiteBIT says that this computer's clock is wrong.",
        "Requests are only good for five seconds around the right time.",
        "Set the clock of this computer, best by itself over the network.",
    ),
    "whitebit_key_disabled": Message(
        "WhiteBIT has disabled the key.",
        "That happens after 14 days without use. No program can wake it up.",
        "Delete it on WhiteBIT's page, then sign in again.",
    ),
    "whitebit_key_may_not": Message(
        "The key may not read this at WhiteBIT.",
        "The right was not ticked when the key was made, and a key's rights cannot be changed later.",
        "Delete the key and sign in again to make one with the right to read.",
    ),
    "whitebit_request_not_understood": Message(
        "WhiteBIT did not understand the request.",
        "This is a fault of Keyrack, not of your key. Nothing was changed.",
        "Look for a newer Keyrack; the old figures stay.",
    ),
    "whitebit_figures_refused": Message(
        "WhiteBIT did not give the figures.", "The key is not affected.", "Keyrack tries again by itself."
    ),
    "whitebit_response_unknown": Message(
        "WhiteBIT answered in a form that Keyrack does not know.",
        "The figures shown are the last good ones.",
        "Keyrack tries again by itself.",
    ),
}
