"""Sentences about API keys, whichever provider makes them."""

from keyrack.messages.message import Message

KEY_MESSAGES = {
    "no_key_made": Message(
        "{provider} made no key.",
        "Keyrack waited for ten minutes after you had agreed there, and no key appeared.",
        "Sign in again and go on until {provider} says that the key is made; look at the API keys on its site.",
    ),
    "key_asleep": Message(
        "{provider} has a disabled key of yours for this client.",
        "It was not used for {idle}. No program can delete it or wake it up, and no new one is made beside it.",
        "Delete it under “API keys” on {provider}'s site, then sign in again.",
    ),
    "delete_key_by_hand": Message(
        "{provider} does not let Keyrack delete this key.",
        "It is disabled, or it was not made for this client. It is still there.",
        "Delete it under “API keys” on {provider}'s site.",
    ),
    "no_grant": Message(
        "The sign-in at {provider} that can delete the key is over.",
        "It ends when Keyrack is closed or the computer sleeps for too long. The key was not deleted and works.",
        "Delete it under “API keys” on {provider}'s site, or sign in again first.",
    ),
    "key_grant_ended": Message(
        "The sign-in at {provider} that makes and deletes keys has ended.",
        "It was not renewed in time, which happens when the computer sleeps, or you took it back there.",
        "Sign in again.",
    ),
    # What may keep a provider's page from ever coming back (WhiteBIT Fast API key Q19)
    "key_gates": Message(
        "If nothing happens, look at what {provider}'s page says. It stops without a word to Keyrack where two-factor "
        "sign-in is off, your identity is not verified, your region gets no keys, or a key for this client exists."
    ),
    "key_awaited": Message(
        "Waiting for you to create the key at {provider}",
        "Tick on its page what the key may do and confirm it with your second factor. Keyrack asks every few seconds "
        "whether the key is there.",
    ),
    "key_secret_lost": Message(
        "The key's secret was lost on the way.",
        "Keyrack had asked for it, and was ended or cut off before it was stored. {provider} shows it only once.",
        "Delete the key at {provider} from the menu of this account, then sign in again to make a new one.",
    ),
    "key_secret_under_way": Message(
        "Making the key was interrupted.",
        "Keyrack was ended while it fetched the key's secret, which {provider} shows only once.",
        "Sign in again: Keyrack asks whether it can still be had.",
    ),
    "not_a_key": Message(
        "This does not look like a public key.",
        "It is too short or too long, or holds spaces. Nothing was sent.",
        "Copy the key, not its secret, from “API keys” on {provider}'s site.",
    ),
    "key_paste_over": Message(
        "The public key was not pasted in time.",
        "The key's secret is stored, nothing is lost.",
        "Sign in again; Keyrack goes on where it stopped.",
    ),
    "key_deleted": Message("The key was deleted at {provider}, which also tells you by mail."),
    "key_deleted_before": Message("{provider} has no such key any more."),
    "no_key": Message("{account} has no key.", "Nothing was asked.", "Sign in first."),
    "read_only_key_refused": Message(
        "The provider refuses the key that it made for the balances.",
        "The sign-in is not affected.",
        "Sign out and in again to have another key made.",
    ),
    # Requests about keys at WhiteBIT
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
