"""Sentences about WhiteBIT's keys."""

from keyrack.messages.message import Message

WHITEBIT_MESSAGES = {
    # Requests about keys
    "whitebit_grant_ended": Message(
        "The sign-in at WhiteBIT that makes and deletes keys has ended.",
        "It lives for four hours, or the client lacks the right. A key that you hold goes on working.",
        "Sign in again.",
    ),
    "whitebit_key_foreign": Message(
        "WhiteBIT says that this key was not made for this client.",
        "It belongs to another program, or you made it by hand. Keyrack leaves it alone.",
        "Check the client id; delete the key on WhiteBIT's page if you do not need it.",
    ),
    "whitebit_key_gone": Message(
        "WhiteBIT does not find the key.", "It was deleted meanwhile.", "Sign in again to make a new one."
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
        "Sign in again in some minutes; the browser is not needed for that within four hours.",
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
        "The key was deleted or withdrawn, by you, by a changed password or by WhiteBIT itself.",
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
        "WhiteBIT does not accept the key from here.",
        "Either the key was disabled, which happens after 14 days without use, or the address of your internet "
        "connection is not the one that the key is bound to. WhiteBIT says the same for both.",
        "Look at the key on WhiteBIT's page; delete it there if it is disabled, then sign in again.",
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
