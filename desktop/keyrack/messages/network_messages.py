"""Sentences about the network between Keyrack and a provider's host. `{host}` is the name that was asked."""

from keyrack.messages.message import Message

_NOTHING_SENT = "Nothing was sent. Keyrack keeps what it has and can try again."
_CONNECTS_NOTHING_SENT = f"{{connects}} {_NOTHING_SENT}"
_MAYBE_SENT = "The request may have reached it."
_CHECK_NETWORK = "Check the network connection."
_CHECK_WAY = f"{_CHECK_NETWORK} Where a proxy leads out of it, or none does, `keyrack proxy` tells Keyrack so."
_NOT_SIGNED_IN = "{connects} Nothing was sent, and the sign-in did not succeed."
_CHECK_AND_SIGN_IN = f"{_CHECK_WAY} Then sign in again."
_OTHER_PROXY = "`keyrack proxy` shows the choice and takes another one."
_NO_BYTE_TO_HOST = "Nothing was sent to {host}."
_BAD_PROXY = "The address of the proxy cannot be used."
_AS_ADDRESS = "An address such as http://proxy.example:3128 can be used. `keyrack proxy` shows the choice."
_IMPOSTOR = "Check that no program or network on the way stands in for it."
_NO_PROOF = "{host} could not prove who it is."
_NOT_SENT = "The request to {host} was not sent."

NETWORK_MESSAGES = {
    "host_unreachable": Message("{host} cannot be reached.", _CONNECTS_NOTHING_SENT, _CHECK_WAY),
    "host_unreachable_in_time": Message("{host} did not answer in time.", _CONNECTS_NOTHING_SENT, _CHECK_WAY),
    "host_unreachable_at_sign_in": Message("{host} cannot be reached.", _NOT_SIGNED_IN, _CHECK_AND_SIGN_IN),
    "host_unreachable_in_time_at_sign_in": Message(
        "{host} did not answer in time.", _NOT_SIGNED_IN, _CHECK_AND_SIGN_IN
    ),
    "connects_directly": Message("Keyrack connects directly, without a proxy."),
    "connects_through": Message("Keyrack connects through the proxy {proxy}."),
    "proxy_unreachable": Message(
        "The proxy {proxy} cannot be reached.",
        f"Keyrack connects through it and no other way. {_NO_BYTE_TO_HOST}",
        f"{_CHECK_NETWORK} {_OTHER_PROXY}",
    ),
    "proxy_wants_password": Message(
        "The proxy {proxy} asks for a user name and a password.",
        f"Keyrack has none to give it. {_NO_BYTE_TO_HOST}",
        f"Ask whoever runs the proxy to let this computer through without. {_OTHER_PROXY}",
    ),
    "proxy_refused": Message(
        "The proxy {proxy} makes no connection to {host}.",
        f"It answered with HTTP {{status}}. {_NO_BYTE_TO_HOST}",
        f"Ask whoever runs the proxy to let {{host}} through. {_OTHER_PROXY}",
    ),
    "proxy_address_invalid": Message(_BAD_PROXY, "It is no address of a proxy.", _AS_ADDRESS),
    "proxy_holds_password": Message(
        _BAD_PROXY,
        "It holds a user name or a password. Settings are no place for a secret, and Keyrack gives none to a proxy.",
        _AS_ADDRESS,
    ),
    "proxy_not_http": Message(
        _BAD_PROXY, "It is of the kind {scheme}. Keyrack speaks http to a proxy, and TLS to the provider.", _AS_ADDRESS
    ),
    "proxy_not_stored": Message(
        "The choice of a proxy could not be stored.",
        "The configuration folder cannot be written. The choice holds until Keyrack ends.",
        "Look at the folder, then choose again.",
    ),
    "no_response": Message("{host} broke off without a usable answer.", _MAYBE_SENT, _CHECK_NETWORK),
    "no_response_in_time": Message("{host} took too long to answer.", _MAYBE_SENT, _CHECK_NETWORK),
    "response_too_large": Message(
        "{host} sent an answer that is too large.", "Keyrack reads at most {kib} KiB and stopped."
    ),
    "tls_unsafe": Message(_NO_PROOF, "It offered no encryption that is safe today. Nothing was sent.", _IMPOSTOR),
    "certificate_date": Message(
        _NO_PROOF,
        "Its certificate is not valid at this computer's date: the clock here says {now}. Nothing was sent.",
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
