"""Sentences about the network between Keyrack and a provider's host. `{host}` is the name that was asked."""

from keyrack.messages.message import Message

_NOTHING_SENT = "Nothing was sent. Keyrack keeps what it has and can try again."
_MAYBE_SENT = "The request may have reached it."
_CHECK_NETWORK = "Check the network connection."
_NOT_SIGNED_IN = "Nothing was sent, and the sign-in did not succeed."
_CHECK_AND_SIGN_IN = "Check the network connection, then sign in again."
_IMPOSTOR = "Check that no program or network on the way stands in for it."
_NO_PROOF = "{host} could not prove who it is."
_NOT_SENT = "The request to {host} was not sent."

NETWORK_MESSAGES = {
    "host_unreachable": Message("{host} cannot be reached.", _NOTHING_SENT, _CHECK_NETWORK),
    "host_unreachable_in_time": Message("{host} did not answer in time.", _NOTHING_SENT, _CHECK_NETWORK),
    "host_unreachable_at_sign_in": Message("{host} cannot be reached.", _NOT_SIGNED_IN, _CHECK_AND_SIGN_IN),
    "host_unreachable_in_time_at_sign_in": Message(
        "{host} did not answer in time.", _NOT_SIGNED_IN, _CHECK_AND_SIGN_IN
    ),
    "no_response": Message("{host} broke off without a usable answer.", _MAYBE_SENT, _CHECK_NETWORK),
    "no_response_in_time": Message("{host} took too long to answer.", _MAYBE_SENT, _CHECK_NETWORK),
    "response_too_large": Message(
        "{host} sent an answer that is too large.", "Keyrack reads at most {kib} KiB and stopped."
    ),
    "tls_unsafe": Message(_NO_PROOF, "It offered no encryption that is safe today. Nothing was sent.", _IMPOSTOR),
    "certificate_date": Message(
        _NO_PROOF,
        "Its certificate is not valid at this computer's date. Nothing was sent.",
        "Check the date and time of this computer. If they are right, the provider must renew its certificate.",
    ),
    "certificate_name": Message(_NO_PROOF, "Its certificate belongs to another name. Nothing was sent.", _IMPOSTOR),
    "certificate_unknown": Message(
        _NO_PROOF, "Its certificate comes from nobody this computer trusts. Nothing was sent.", _IMPOSTOR
    ),
    "certificate_refused": Message(_NO_PROOF, "Its certificate was refused. Nothing was sent.", _IMPOSTOR),
    "system_certificates_unusable": Message(
        _NO_PROOF,
        "The system's store, which holds the certificates to trust, cannot be used. Nothing was sent.",
        "Look at the file; Keyrack can try again.",
    ),
    "certificate_file_unusable": Message(
        _NO_PROOF,
        "{file}, which holds the certificates to trust, cannot be used. Nothing was sent.",
        "Look at the file; Keyrack can try again.",
    ),
    "request_value_unfit": Message(
        _NOT_SENT, "A value of it holds characters that no request may hold.", "Check what was entered."
    ),
    "address_not_https": Message(_NOT_SENT, "Its address is not an encrypted one (https)."),
    "address_not_wss": Message(_NOT_SENT, "Its address is not an encrypted one (wss)."),
    "address_invalid": Message(_NOT_SENT, "Its address is not a web address."),
    "address_missing": Message("The request to the provider was not sent.", "Its address is not a web address."),
    "address_names_user": Message(_NOT_SENT, "Its address names a user, which Keyrack does not send."),
}
