"""Sentences about signing in, renewing and signing out."""

from keyrack.messages.message import Message

SIGN_IN_MESSAGES = {
    "not_signed_in": Message("{account} is not signed in.", "There is no token to give.", "Sign in first."),
    "lifetime_too_short": Message("A token of {account} lives {seconds} seconds at most."),
    # How an attempt ended
    "sign_in_cancelled_by_person": Message(
        "The sign-in was cancelled.", "Nothing was changed.", "Sign in again when you want to."
    ),
    "account_not_confirmed": Message("The account was not confirmed.", "Its token was thrown away.", "Sign in again."),
    "sign_in_overtaken": Message("The sign-in was overtaken by another change.", "Its token was thrown away."),
    "browser_not_started": Message(
        "No browser could be started.",
        "The sign-in is waiting all the same.",
        "Use Copy link and open it in a browser on this computer.",
    ),
    # The code that the person copies from the provider's page
    "user_code_missing": Message("There is no code yet.", "Nothing was sent.", "Get one from the provider's page."),
    "user_code_odd": Message(
        "This does not look like a code.",
        "It is too long, holds spaces or odd characters, or is an address without a code. Nothing was sent.",
        "Copy the code alone from the provider's page.",
    ),
    "user_codes_paused": Message(
        "{codes} codes in a row were not accepted.",
        "Keyrack pauses for {pause} seconds, and nothing was sent.",
        "Get a fresh code and try again in {seconds} seconds.",
    ),
    "refresh_token_missing": Message(
        "There is no refresh token yet.", "Nothing was sent.", "Get one from the provider's page."
    ),
    "refresh_token_odd": Message(
        "This does not look like a refresh token.",
        "It is too long, or holds spaces or odd characters. Nothing was sent.",
        "Copy the token alone from the provider's page.",
    ),
    # The state of an account
    "no_key_to_copy": Message("{account} has no key.", "There is no secret to copy.", "Sign in first."),
    "key_and_no_token": Message(
        "{account} has an API key and no token.",
        "A key signs each request and is never sent itself.",
        "Copy the key in Keyrack's window.",
    ),
    "nobody_signed_in": Message(
        "Nobody has signed in yet.", "Keyrack holds no token for this account.", "Sign in to get one."
    ),
    "credentials_saved": Message(
        "The new credentials are saved.", "Keyrack holds no token for this account.", "Sign in to get one."
    ),
    "you_signed_out": Message("You signed out.", "Keyrack holds no token for this account.", "Sign in to get one."),
    "sign_in_handed_over": Message(
        "This sign-in was handed over in an export.",
        "It goes on where that file is imported, and Keyrack holds no token for this account here.",
        "Sign in to have one of its own here.",
    ),
    "sandbox_was_restarted": Message(
        "The sandbox was started anew.",
        "It knows nothing of earlier sign-ins, so Keyrack has let go of this one.",
        "Sign in again.",
    ),
    "sign_in_denied": Message(
        "The sign-in was refused at the provider.", "Nothing was changed.", "Sign in to try again."
    ),
    "sign_in_revoked": Message(
        "The provider ended this sign-in.", "It was revoked, or the key behind it was deleted.", "Sign in again."
    ),
    "keyring_item_missing": Message(
        "The keyring no longer holds this account's secrets.",
        "Somebody removed the item, or another keyring is in use.",
        "Start the keyring that you used before, or enter the credentials and sign in again.",
    ),
    "keyring_item_corrupt": Message(
        "The keyring's item for this account cannot be read.",
        "It was changed by another program; Keyrack left it as it is.",
        "Enter the credentials and sign in again.",
    ),
    "asking_keyring": Message("Asking the keyring for this account."),
    "sign_in_at_risk": Message("The sign-in itself ends in {left} unless a renewal succeeds before."),
    "long_wait_asked": Message(
        "The provider asked to wait for {asked}, and Keyrack asks again every {minutes} minutes."
    ),
    "sign_in_lapsed": Message(
        "The sign-in ended because it was not renewed in time.",
        "This happens when the computer sleeps or Keyrack is closed for longer than the provider allows.",
        "Sign in again.",
    ),
    "sign_in_lapsed_after_one": Message(
        "The sign-in could not be renewed before it ended at {time}.", "The one try failed: {last}", "Sign in again."
    ),
    "sign_in_lapsed_after": Message(
        "The sign-in could not be renewed before it ended at {time}.",
        "Keyrack tried {times} times. What it met last: {last}",
        "Sign in again.",
    ),
    "refresh_interrupted": Message(
        "No answer of an earlier renewal could be stored.",
        "The provider may have replaced the old token then. It accepts it no longer.",
        "Sign in again.",
    ),
    "wrong_account": Message(
        "Another account signed in than the one this entry belongs to.",
        "Its token was thrown away and nothing was changed.",
        "Sign in with the right account, or add the other one as a new entry.",
    ),
    "exchange_closed": Message(
        "This exchange has closed.",
        "Its service has ended, so no sign-in can work. Nothing is wrong with your key.",
        "Your entry is kept until you remove it.",
    ),
    # Questions of a sign-in, the same in the window and in the command line
    "ask_if_meant": Message("{provider} signed in {identity}. Is this the account you meant?"),
    "ask_if_approved": Message("{provider} signed in without saying as whom. Did you just press Approve there?"),
    "ask_if_refused": Message("{provider} reported a refusal, which may not be yours. End this sign-in?"),
}
