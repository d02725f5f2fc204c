"""Sentences about the network between Keyrack and a provider's host, and about a proxy on the way.

`{host}` is the name that was asked, and `{proxy}` the proxy's host and port.
"""

from keyrack.messages.message import Message

_NOTHING_SENT = "Nothing was sent. Keyrack keeps what it has and can try again."
_CONNECTS_NOTHING_SENT = f"{{connects}} {_NOTHING_SENT}"
_MAYBE_SENT = "The request may have reached it."
_CHECK_NETWORK = "Check the network connection."
_CHECK_WAY = f"{_CHECK_NETWORK} If it needs a proxy, choose one at “How Keyrack connects” or by `keyrack proxy`."
_NOT_SIGNED_IN = "{connects} Nothing was sent, and the sign-in did not succeed."
_CHECK_AND_SIGN_IN = f"{_CHECK_WAY} Then sign in again."
_IMPOSTOR = "Check that no program or network on the way stands in for it."
_NO_PROOF = "{host} could not prove who it is."
_NOT_SENT = "The request to {host} was not sent."

_OTHER_PROXY = "Another choice is made at “How Keyrack connects” or by `keyrack proxy`."
_NO_BYTE_TO_HOST = "Nothing was sent to {host}."
_BAD_PROXY = "The address of the proxy cannot be used."
_AS_ADDRESS = "An address such as http://proxy.example:3128 can be used."
_ENTER_BOTH = (
    "Enter them at “How Keyrack connects” in the window, or use `keyrack proxy --use ADDRESS --user NAME`, which asks "
    "for the password."
)
_NOT_USED = "The proxy's user name and password cannot be used."

NETWORK_MESSAGES = {
    "host_unreachable": Message("{host} cannot be reached.", _CONNECTS_NOTHING_SENT, _CHECK_WAY),
    "host_unreachable_in_time": Message("{host} did not answer in time.", _CONNECTS_NOTHING_SENT, _CHECK_WAY),
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
        "Its certificate is not valid at this computer's date: the clock here says {now}. Nothing was sent.",
        "Check the date and time of this computer. If they are right, the provider must renew its certificate.",
    ),
    "certificate_name": Message(_NO_PROOF, "Its certificate belongs to another name. Nothing was sent.", _IMPOSTOR),
    "certificate_unknown": Message(
        _NO_PROOF, "Its certificate comes from nobody this computer trusts. Nothing was sent.", _IMPOSTOR
    ),
    "certificate_refused": Message(_NO_PROOF, "Its certificate was refused. Nothing was sent.", _IMPOSTOR),
    "own_certificate_refused": Message(
        "{host} does not take this host's certificate.",
        "It wants one from an authority that it knows. Nothing was done.",
        "Ask whoever runs it for a certificate and its key.",
    ),
    "own_certificate_unusable": Message(
        "{file}, by which this host proves who it is to {host}, cannot be used.",
        "Nothing was sent.",
        "Name a certificate and its key, both in PEM form and the key without a passphrase.",
    ),
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
    "network_awaited": Message("Nothing was sent. Keyrack tries again by itself."),
    # How Keyrack connects
    "connects_directly": Message("Keyrack connects directly, without a proxy."),
    "connects_through": Message("Keyrack connects through the proxy {proxy}."),
    "connects_directly_by_system": Message("Keyrack connects directly, according to {place}."),
    "connects_through_by_system": Message("Keyrack connects through the proxy {proxy}, according to {place}."),
    "proxy_place_environment": Message("{name} of its environment"),
    "proxy_place_gnome": Message("the desktop's network settings (GNOME)"),
    "proxy_place_kde": Message("the desktop's network settings (KDE)"),
    "proxy_place_system": Message("the system's settings"),
    "proxy_place_nowhere": Message("the system's settings, which name no proxy"),
    "proxy_setting_overruled": Message(
        "Another way stands in {loser}. It does not count, because {winner} goes first."
    ),
    "proxy_tried": Message("{host} answered. {connects}"),
    "proxy_nothing_to_try": Message(
        "There is nothing to try.",
        "Every provider here is on this computer, which is never asked through a proxy.",
    ),
    # The password of a proxy
    "proxy_password_kept": Message("The password for the proxy is kept in {vault}, and goes to {proxy} alone."),
    "proxy_password_for_session": Message(
        "The password for the proxy is kept in memory until Keyrack ends, because it could not be stored. {why}"
    ),
    "proxy_password_in_memory": Message(
        "The password for the proxy is kept in memory until Keyrack ends, because there is no keyring."
    ),
    "proxy_password_missing": Message(_NOT_USED, "The password is missing.", "Enter it."),
    "proxy_login_invalid": Message(
        _NOT_USED, "A user name holds no colon, and neither holds control characters.", "Look at both again."
    ),
    "proxy_login_without_proxy": Message(
        "There is no proxy that wants a password.", "With this choice Keyrack connects directly.", _AS_ADDRESS
    ),
    "proxy_wants_password": Message(
        "The proxy {proxy} asks for a user name and a password.",
        f"Keyrack has none to give it. {_NO_BYTE_TO_HOST}",
        _ENTER_BOTH,
    ),
    "proxy_refuses_password": Message(
        "The proxy {proxy} does not accept the user name or the password.",
        f"It asked for them again. {_NO_BYTE_TO_HOST}",
        f"{_ENTER_BOTH} If they are right, the proxy wants another kind of sign-in than the plain one (Basic).",
    ),
    # What goes wrong on the way
    "proxy_unreachable": Message(
        "The proxy {proxy} cannot be reached.",
        f"Keyrack connects through it and no other way. {_NO_BYTE_TO_HOST}",
        f"{_CHECK_NETWORK} {_OTHER_PROXY}",
    ),
    "proxy_name_unknown": Message(
        "The name of the proxy {proxy} is not known in this network.",
        f"Keyrack connects through it and no other way. {_NO_BYTE_TO_HOST}",
        f"{_CHECK_NETWORK} {_OTHER_PROXY}",
    ),
    "proxy_refused": Message(
        "The proxy {proxy} makes no connection to {host}.",
        f"It answered with HTTP {{status}}. {_NO_BYTE_TO_HOST}",
        f"Ask whoever runs the proxy to let {{host}} through. {_OTHER_PROXY}",
    ),
    "proxy_answers_itself": Message(
        "The proxy {proxy} answers in the place of {host}.",
        f"It agreed to make the connection and then sent a text of its own. {_NO_BYTE_TO_HOST}",
        f"Open a web page in the browser: the network may want you to sign in first. {_OTHER_PROXY}",
    ),
    # Addresses that cannot be used
    "proxy_address_invalid": Message(_BAD_PROXY, "It is no address of a proxy.", _AS_ADDRESS),
    "proxy_not_http": Message(
        _BAD_PROXY, "It is of the kind {scheme}. Keyrack speaks http to a proxy, and TLS to the provider.", _AS_ADDRESS
    ),
    "proxy_is_socks": Message(
        _BAD_PROXY,
        "It is a SOCKS proxy, and Keyrack speaks http to a proxy.",
        f"Most networks with a SOCKS proxy have an HTTP proxy too. {_AS_ADDRESS}",
    ),
    "system_proxy_unusable": Message(
        "The system's proxy cannot be used.", "It is the one of {place}. {why}", f"{_AS_ADDRESS} {_OTHER_PROXY}"
    ),
    "proxy_automatic_unanswered": Message(
        "The system's proxy cannot be found.",
        "According to {place}, a script decides on it, and nothing on this computer runs the script for Keyrack.",
        f"Ask whoever runs the network for the proxy's address. {_OTHER_PROXY}",
    ),
    "proxy_not_stored": Message(
        "The choice of a proxy could not be stored.",
        "The configuration folder cannot be written. The choice holds until Keyrack ends.",
        "Look at the folder, then choose again.",
    ),
}
