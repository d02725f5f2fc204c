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
}
