"""Lines of an account's activity. `{why}` is what a failure says happened."""

from keyrack.messages.message import Message

ACTIVITY_MESSAGES = {
    "note": Message("{text}"),
    "activity_newer": Message("A newer version of Keyrack wrote this activity. It is left as it is."),
    # Signing in and out
    "signed_in": Message("Signed in."),
    "signed_in_as": Message("Signed in as {identity}."),
    "sign_in_cancelled": Message("Sign-in cancelled."),
    "sign_in_failed": Message("Sign-in failed: {why}"),
    "sign_in_waits": Message("Signing in waits for the network: {why}"),
    "sign_in_ended": Message("The sign-in ended: {why}"),
    "sign_in_judged_again": Message("This computer's clock was set. The sign-in may still hold and is tried."),
    "sign_in_ended_by_provider": Message("The provider ended this sign-in."),
    "signed_out": Message("Signed out."),
    "revoked": Message("The token was revoked at {provider}."),
    "revocation_asked": Message("{provider} was asked to revoke the token; its answer does not tell whether it did."),
    "revocation_late": Message(
        "{provider} did not confirm in time that the token is revoked. It ends there by itself."
    ),
    "revocation_failed": Message(
        "{provider} did not revoke the token: {why} It ends by itself, or in your settings there."
    ),
    "browser_missing": Message("{why} Use Copy link and open it in a browser on this computer."),
    "identity_not_saved": Message("{why} Only the shown name of the sign-in is missing after a restart."),
    # Tokens
    "token_renewed": Message("Token renewed."),
    "token_stored": Message("The token is stored in the keyring now."),
    "token_not_stored": Message("A new token could not be stored in the keyring. {why}"),
    "renewal_failed": Message("Renewal failed: {why}"),
    "refresh_token_shared": Message(
        "The provider gave the same refresh token to {others}: the two can end each other's sign-in."
    ),
    # API keys
    "key_grant_over": Message("The sign-in that can delete the key ended: {why} The key goes on working."),
    "key_not_stored": Message("The key could not be stored in the keyring. {why}"),
    "key_not_tried": Message("The key could not be tried: {why}"),
    "read_only_key_deleted": Message("The key “{key}” was deleted at {provider}."),
    "read_only_key_left": Message(
        "The key “{key}” may still be at {provider}.",
        "It can see balances and nothing else, and Keyrack has deleted its copy.",
        "Delete it under your API settings there.",
    ),
    "read_only_key_made": Message("A key that may only see balances was made at the provider."),
    # Copies
    "token_copied": Message("Token copied to the clipboard."),
    "header_copied": Message("Token copied as a header."),
    "curl_copied": Message("A curl command was copied that asks Keyrack for the token."),
    "public_key_copied": Message("The public key was copied to the clipboard."),
    "key_secret_copied": Message("The key's secret was copied to the clipboard."),
    # Programs
    "token_given": Message("Gave the token to {program}."),
    "token_refused": Message("Refused the token to {program}."),
    "caller_place": Message("in {place}"),
    "caller_process": Message("pid {pid}"),
    "caller_times": Message("{times} times"),
    "program_allowed_once": Message("{why} The program was allowed this once."),
    "scripts_set_by_command": Message("Scripts were set to “{policy}” from the command line by {program}, pid {pid}."),
    # Live figures
    "live_paused": Message("Live figures paused: {why}"),
    "live_back": Message("Live figures are back."),
}
