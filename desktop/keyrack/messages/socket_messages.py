"""Sentences of the broker to a program that sent a request to the local socket."""

from keyrack.messages.message import Message

SOCKET_MESSAGES = {
    "min_valid_not_seconds": Message(
        "“min_valid” is not a number of seconds.", "", "Give it without sign or fraction."
    ),
    "not_signed_in_for_command": Message(
        "{account} is not signed in.", "There is no token to give.", "Sign in first: `keyrack login {quoted}`."
    ),
    # Connections
    "other_user": Message("This Keyrack belongs to another user."),
    "web_page_refused": Message("A web page may not ask Keyrack."),
    "too_many_streams": Message("{streams} programs follow the changes already.", "", "End one of them."),
    "too_many_programs": Message("Too many programs ask Keyrack at once.", "", "Try again."),
    "keyrack_starting": Message("Keyrack is only starting.", "It has not read its accounts yet.", "Try again."),
    "keyrack_quitting": Message("Keyrack is quitting.", "It gives out nothing any more.", "Start it again."),
    "window_not_agent": Message("This Keyrack has a window.", "It is ended there.", "Choose Quit in its menu."),
    # Requests
    "request_late": Message("The request did not come to its end in time."),
    "request_too_long": Message("The request is longer than 64 KiB."),
    "request_malformed": Message("This is not a request that Keyrack reads."),
    "address_too_long": Message("The request's address is too long."),
    "other_server_meant": Message("The request is meant for another server."),
    "headers_too_long": Message("The request's headers are too long."),
    "body_not_object": Message("The request's body is not one JSON object.", "", "Send an object in UTF-8."),
    # Paths and queries
    "path_unknown": Message("There is no such path.", "This Keyrack speaks version 1 of its interface."),
    "method_not_taken": Message("This path takes {methods} only."),
    "query_field_unknown": Message(
        "The address asks for something that this path does not know.", "", "It knows {known} after the “?”."
    ),
    "query_not_taken": Message(
        "The address asks for something that this path does not know.", "", "It takes nothing after the “?”."
    ),
    "query_unreadable": Message("The part of the address after “?” cannot be read."),
    "query_repeated": Message("The part of the address after “?” names the same thing twice."),
    "name_not_utf8": Message("The account's name is not UTF-8.", "", "Percent-encode it as UTF-8."),
    "name_wrong_length": Message("An account's name has 1 to {longest} characters."),
    "name_not_printable": Message("The account's name holds control characters.", "No account has such a name."),
    "account_unknown": Message(
        "There is no account “{name}”.",
        "Names are compared without regard to upper and lower case.",
        "`keyrack status` lists the accounts.",
    ),
    # Fields
    "field_unknown": Message("There is no field “{field}” here.", "Those known are: {known}."),
    "no_field_known": Message("There is no field “{field}” here.", "Those known are: none."),
    "field_not_text": Message("“{field}” is not a text of at most {longest} characters."),
    "field_not_flag": Message("“{field}” is neither true nor false."),
    "field_not_texts": Message("“{field}” is not a list of texts."),
    "field_not_seconds": Message("“{field}” is not a number of seconds from 0 to {most}."),
    "field_not_object": Message("“{field}” is not an object."),
    # Accounts
    "opt_in_missing": Message(
        "This account keeps a secret that its provider wants elsewhere.", "{warning}", "Set “opt_in”."
    ),
    "redirect_not_needed": Message("{provider} needs no redirect address for this flow.", "", "Leave it out."),
    "hosts_not_needed": Message("This region of {provider} has its own hosts.", "", "Leave them out."),
    "provider_missing": Message("The provider is missing.", "Keyrack knows these: {known}."),
    "provider_unknown_at_socket": Message("There is no provider “{value}”.", "Keyrack knows these: {known}."),
    "region_missing": Message("{provider} has more than one region.", "Name one of these: {known}."),
    "region_unknown_at_socket": Message("There is no region “{value}”.", "{provider} has these: {known}."),
    "flow_missing": Message("{provider} has more than one flow.", "Name one of these: {known}."),
    "flow_unknown_at_socket": Message("There is no flow “{value}”.", "{provider} has these: {known}."),
    "policy_missing": Message("The policy is missing.", "For scripts there are these: {known}."),
    "policy_unknown": Message("There is no policy “{value}”.", "For scripts there are these: {known}."),
    "nothing_to_change": Message("There is nothing to change.", "", "Give one of these: {fields}."),
    "keep_missing": Message("“keep” is missing.", "", "Say whether the shared accounts stay on this host."),
    "let_in_missing": Message("“let_in” is missing.", "", "Say whether the host that asks is let in."),
    "program_not_allowed": Message("“{program}” is not allowed for always.", "Programs that are: {allowed}."),
    "no_program_allowed": Message("“{program}” is not allowed for always.", "Programs that are: none."),
    # Signing in
    "one_answer_needed": Message("One of these is needed, and no more: {fields}."),
    "answer_not_awaited": Message(
        "No sign-in of this account waits for that answer.",
        "It has ended, or goes on without one.",
        "Ask how it stands, or sign in again.",
    ),
    "renewal_not_possible": Message(
        "The token of {account} cannot be renewed, and nothing was asked.",
        "{provider} gave no refresh token with it.",
        "It works until it ends; sign in with `keyrack login {quoted}` then.",
    ),
    "nothing_renewed": Message(
        "Nothing was renewed.", "{account} was busy with something else, such as a sign-out.", "Try again."
    ),
    "renewal_in_queue": Message(
        "The renewal of {account} waits for its turn.",
        "{provider} wants {seconds} s between renewals of one client. Accounts before it: {ahead}. Nothing is lost.",
        "Try again in a moment.",
    ),
    "enter_client_id_again": Message(
        "Enter it again in the window or with `keyrack accounts set {name} --client-id ID`, and sign in."
    ),
    "enter_secret_again": Message(
        "Enter it again in the window or with `keyrack accounts set {name} --secret`, and sign in."
    ),
    # The lock
    "passphrase_missing": Message("The passphrase is missing.", "Nothing was changed.", "Send it as “passphrase”."),
    "new_passphrase_missing": Message(
        "The new passphrase is missing.", "Nothing was changed.", "Send it as “new”, or null."
    ),
    "setting_name_missing": Message(
        "The setting's name is missing.", "Nothing was changed.", "Send it as “name”, and its value as “value”."
    ),
    "proxy_missing": Message(
        "The proxy is missing.", "Nothing was changed.", "Send it as “proxy”: none, system or an address."
    ),
}
