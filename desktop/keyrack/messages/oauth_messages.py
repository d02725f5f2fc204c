"""Sentences about the OAuth protocol: the redirect, the response to it, and the provider's endpoints.

`{server}` is the provider's name.
"""

from keyrack.messages.message import Message

_NOTHING_CHANGED = "Nothing was changed."
_KEPT = "Your sign-in is kept."
_NOT_SIGNED_IN = "The sign-in did not succeed, and Keyrack does not try it again."
_AGAIN_LATER = "Sign in again later."
_FAULT = "The provider has a fault, or something between here and there changed the answer."
_BAD_REDIRECT = "This redirect address cannot be used."
_AS_REGISTERED = "Enter the address exactly as registered."
_NOT_EXPECTED = "This is not the address that Keyrack waits for."
_COPY_WHOLE = "Copy the whole address from the browser's address bar after pressing Approve."
_FIXED_PORT = "The redirect address is registered with exactly this port, so the sign-in cannot start."
_ENDED = "No renewal and no new sign-in can work here. Nothing is wrong with your credentials."
_FREE_PORT = "End that program, or register an address with another port and enter it in Edit credentials."

OAUTH_MESSAGES = {
    # The authorization request and its response
    "sign_in_address_unsafe": Message(
        "The sign-in address of {server} is not a plain https address.",
        "Keyrack does not send a browser there.",
        "Correct the provider's file.",
    ),
    "response_incomplete": Message("The address is not a complete answer of the provider."),
    "response_of_other_sign_in": Message("The address belongs to another sign-in."),
    "response_of_other_provider": Message("The address comes from another provider."),
    "refusal_unproven": Message("The provider reported a refusal, but not for which sign-in."),
    "wrong_nonce": Message(
        "The provider answered with another sign-in than this one.",
        "The identity it sent does not hold the number of this sign-in, so Keyrack kept nothing.",
        "Sign in again. If it happens again, tell the provider.",
    ),
    "wrong_issuer": Message(
        "The sign-in was answered by the wrong provider.",
        "Keyrack ended it and sent nothing on.",
        "Start the sign-in again from Keyrack.",
    ),
    "access_denied": Message("Access was refused at the provider.", _NOTHING_CHANGED, "Sign in again to allow it."),
    "sign_in_error": Message(
        "The provider ended the sign-in with an error.", _NOTHING_CHANGED, "Try to sign in again."
    ),
    "pasted_part": Message(_NOT_EXPECTED, "It is not the whole address.", _COPY_WHOLE),
    "pasted_elsewhere": Message(_NOT_EXPECTED, "It does not begin with {start}.", _COPY_WHOLE),
    "pasted_of_other_sign_in": Message(
        _NOT_EXPECTED, "It belongs to another sign-in, or a part of it is missing.", _COPY_WHOLE
    ),
    # The redirect address and its port
    "redirect_not_whole": Message(
        _BAD_REDIRECT, "It must be a whole address such as http://127.0.0.1:17463/cb/name.", _AS_REGISTERED
    ),
    "redirect_with_query": Message(
        _BAD_REDIRECT, "It must not hold a question mark, a hash sign or a user name.", _AS_REGISTERED
    ),
    "redirect_not_local": Message(
        _BAD_REDIRECT,
        "An http address must point to this computer: 127.0.0.1, [::1] or localhost.",
        _AS_REGISTERED,
    ),
    "redirect_with_spaces": Message(_BAD_REDIRECT, "It must not hold spaces or special characters.", _AS_REGISTERED),
    "redirect_invalid": Message(_BAD_REDIRECT, "It is not a valid address.", _AS_REGISTERED),
    "port_unavailable": Message(
        "Port {port} cannot be opened on this computer.",
        "The redirect address is registered with exactly this port.",
        "Register an address with a port above 1023 at the provider.",
    ),
    "port_taken": Message("Port {port} is in use by another program.", _FIXED_PORT, _FREE_PORT),
    "port_taken_by_user": Message("Port {port} is in use by a program of the user {user}.", _FIXED_PORT, _FREE_PORT),
    "port_taken_by_program": Message("Port {port} is in use by {program} (process {pid}).", _FIXED_PORT, _FREE_PORT),
    "port_taken_by_process": Message(
        "Port {port} is in use by another program (process {pid}).", _FIXED_PORT, _FREE_PORT
    ),
    # The end of a sign-in
    "redirect_expired": Message(
        "Nobody came back from the provider in time.", "The sign-in was ended.", "Press Sign in to start again."
    ),
    "redirect_cancelled": Message("The sign-in was cancelled.", _NOTHING_CHANGED),
    "sign_in_replaced": Message("A newer sign-in of the same provider replaced this one."),
    # Device codes
    "not_yet_approved": Message("Nobody has approved the sign-in at {server} yet."),
    "device_code_expired": Message(
        "The code was not approved in time.", _NOTHING_CHANGED, "Sign in again to get a new code."
    ),
    "device_page_unknown": Message(
        "{server} points to a page that its provider file does not name.",
        "Keyrack opens no page of a host that it was not told of.",
        "If the page is right, name it as verification_page in the provider's file.",
    ),
    "device_response_unusable": Message("{server} sent an answer that begins no sign-in.", _FAULT, "Try again later."),
    # Responses of the endpoints
    "response_unreadable": Message(
        "{server} answered with something that is not the expected data.",
        "A gateway, a maintenance page or a sign-in page of the network may stand in between.",
        "Keyrack keeps everything and tries again.",
    ),
    "response_without_token": Message(
        "{server} sent an answer that holds no usable token.", _FAULT, "Keyrack keeps everything and tries again."
    ),
    "token_type_unknown": Message(
        "{server} sent a token of the type “{type}”, which Keyrack cannot use.",
        "Such a token is no use without a proof that Keyrack does not make.",
        "If the provider's documents call it a bearer token, set dialect.token_type_optional in its file.",
    ),
    "redirect_not_followed": Message(
        "{server} pointed to another address, which Keyrack does not follow.",
        "A network that wants its own sign-in page, or a closed service, does this. Your sign-in is kept.",
        "Check the network; Keyrack tries again by itself.",
    ),
    "network_refused": Message(
        "{server} refused this network.",
        "Its gateway does not accept requests from this address or country. Your sign-in is kept.",
        "Check a VPN or the provider's list of allowed addresses; Keyrack tries again by itself.",
    ),
    "server_slows_down": Message("{server} asks to slow down.", _KEPT, "Keyrack tries again by itself."),
    "server_unavailable": Message("{server} is not available right now.", _KEPT, "Keyrack tries again by itself."),
    "server_busy": Message("{server} is busy.", _KEPT),
    "server_failed": Message("{server} could not answer right now.", _KEPT),
    # The same at a sign-in, where there is nothing to keep yet
    "server_unavailable_at_sign_in": Message("{server} is not available right now.", _NOT_SIGNED_IN, _AGAIN_LATER),
    "server_slows_down_at_sign_in": Message("{server} asks to slow down.", _NOT_SIGNED_IN, _AGAIN_LATER),
    "server_busy_at_sign_in": Message("{server} is busy.", _NOT_SIGNED_IN, _AGAIN_LATER),
    "server_failed_at_sign_in": Message("{server} could not answer right now.", _NOT_SIGNED_IN, _AGAIN_LATER),
    "response_unreadable_at_sign_in": Message(
        "{server} answered with something that is not the expected data.",
        "A gateway, a maintenance page or a sign-in page of the network may stand in between.",
        _AGAIN_LATER,
    ),
    "response_without_token_at_sign_in": Message(
        "{server} sent an answer that holds no usable token.", _FAULT, _AGAIN_LATER
    ),
    "redirect_not_followed_at_sign_in": Message(
        "{server} pointed to another address, which Keyrack does not follow.",
        "A network that wants its own sign-in page, or a closed service, does this.",
        "Check the network, then sign in again.",
    ),
    "network_refused_at_sign_in": Message(
        "{server} refused this network.",
        "Its gateway does not accept requests from this address or country.",
        "Check a VPN or the provider's list of allowed addresses, then sign in again.",
    ),
    "grant_invalid": Message(
        "{server} no longer accepts this sign-in.", "It was revoked, used before, or is too old.", "Sign in again."
    ),
    "renewal_not_offered": Message("{server} offers no renewal of this sign-in.", "", "Sign in again."),
    "client_rejected": Message(
        "{server} refused the client id or the client secret.",
        "One of them is mistyped, or the key was deleted there.",
        "Edit the credentials and sign in again.",
    ),
    "client_id_rejected": Message(
        "{server} refused the client id.",
        "It is mistyped, or the client was deleted there.",
        "Edit the credentials and sign in again.",
    ),
    "grant_refused": Message(
        "{server} does not let this client sign in or renew in this way.",
        "The client is known there, and nothing is mistyped.",
        "Allow it in the client's settings at the provider, or sign in another way.",
    ),
    "request_refused": Message(
        "{server} refused the request.", _NOTHING_CHANGED, "Look at the provider's own words, then try again."
    ),
    "service_ended": Message("{server} has ended this service.", _ENDED, "Your entry is kept until you remove it."),
    "service_ended_with_advice": Message("{server} has ended this service.", _ENDED, "{advice}"),
    "revocation_refused": Message("{server} refused to revoke the token."),
    # A failure whose sentences stand in the provider's file
    "provider_file_failure": Message("{what}", "{meaning}", "{advice}"),
}
