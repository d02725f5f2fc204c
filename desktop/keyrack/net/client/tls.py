"""Verifies the host of a TLS connection, and makes the failure when it cannot."""

import importlib
import os
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock

from keyrack.language.translation import Phrase, mark
from keyrack.net.network_errors import TlsRefused

_CLOCK = {9, 10}  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_NAME = {62, 64}  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_UNKNOWN = {18, 19, 20, 21}  # self-signed, self-signed in chain, issuer not found, leaf not verifiable

# The standard name of HTTP/1.1 (RFC 7301 section 6), by which a WebSocket begins too.
_PROTOCOLS = ["http/1.1"]
_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.[0-9]+")  # made by c_rehash
_reading_store = Lock()
_NO_CERTIFICATE = re.compile(r"ALERT_(BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)")
_NO_REFUSAL = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Files in PEM form for one server: the only authorities to trust where `ca` is given, and this host's own proof.

    `key` may be in the file of `certificate`. It has no passphrase.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


class OwnCertificateUnusable(OSError):
    """This host's certificate or its key cannot be used."""


def shared_context(ca_file: Path | None) -> ssl.SSLContext:
    """The context of every client without an extra CA file, or one of its own for a client with such a file.

    To read the system's store takes about 20 ms, and each copy about a megabyte. Raises OSError as `context` does.
    """
    if ca_file is not None:
        return context(ca_file)
    with _reading_store:  # all accounts connect at once when Keyrack starts
        return _of_the_system()


@cache
def _of_the_system() -> ssl.SSLContext:
    return context()


def context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A new verifying client context: TLS 1.2 or later, the system's store, and an extra CA file if given.

    certifi's store is used where the system's gave no certificate at all.
    `create_default_context` is not used, because it obeys SSLKEYLOGFILE (S53).
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(_PROTOCOLS)
    made.load_default_certs()
    if not _system_gave_any(made):
        made.load_verify_locations(cafile=importlib.import_module("certifi").where())
    if ca_file is not None:
        made.load_verify_locations(cafile=ca_file)
    return made


def context_of(files: TlsFiles) -> ssl.SSLContext:
    """A new verifying client context for one server. Raises OwnCertificateUnusable, or OSError as `context` does."""
    if files.ca is None:
        made = context()
    else:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.set_alpn_protocols(_PROTOCOLS)
        made.load_verify_locations(cafile=files.ca)
    if files.certificate is not None:
        try:
            # OpenSSL would ask for a passphrase at the terminal.
            made.load_cert_chain(files.certificate, files.key, password=str)
        except OSError:
            raise OwnCertificateUnusable(files.certificate.name) from None
    return made


def wants_certificate(error: ssl.SSLError) -> bool:
    """Whether the server refused this host's certificate, or the lack of one.

    With TLS 1.3 it says so after the handshake, when the request was already sent (RFC 8446 section 4.4.2.4).
    """
    return _NO_CERTIFICATE.search(error.reason or "") is not None


def unusable(ca_file: Path) -> str:
    """Why a file of certificates cannot be used, or "" when it can."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=ca_file)
    except FileNotFoundError:
        return Phrase(mark("is not there"))
    except ssl.SSLError:
        return Phrase(mark("holds no certificate in PEM form"))
    except OSError:
        return Phrase(mark("cannot be read"))
    return ""


def _system_gave_any(made: ssl.SSLContext) -> bool:
    """Whether any certificate was loaded, or lies in a folder, where OpenSSL looks it up later by the hash of its name.

    A folder that holds only other files is no store.
    """
    return made.cert_store_stats()["x509"] > 0 or any(map(_has_hashed_names, _folders_of_the_system()))


def _folders_of_the_system() -> list[str]:
    """The folders of SSL_CERT_DIR, or of this OpenSSL (its manual page SSL_CTX_set_default_verify_paths)."""
    paths = ssl.get_default_verify_paths()
    return os.environ.get(paths.openssl_capath_env, paths.openssl_capath).split(os.pathsep)


def _has_hashed_names(folder: str) -> bool:
    try:
        return any(map(_HASHED_NAME.fullmatch, os.listdir(folder)))
    except OSError:
        return False


def refused(host: str, error: ssl.SSLError) -> TlsRefused:
    """The failure that says why TLS with `host` was refused (R31, R32)."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return TlsRefused("tls_unsafe", host, detail=error.reason or "")
    code, detail = error.verify_code, error.verify_message
    if code in _CLOCK:
        return TlsRefused("certificate_date", host, detail=detail, now=_date_here())
    if code in _NAME:
        return TlsRefused("certificate_name", host, detail=detail)
    if code in _UNKNOWN:
        return TlsRefused("certificate_unknown", host, detail=detail)
    return TlsRefused("certificate_refused", host, detail=detail)


def _date_here() -> str:
    """The date and time of this computer's clock, as 1 January 2100, 09:30 UTC is written in ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def in_chain(error: BaseException | None) -> ssl.SSLError | None:
    """The refusal of TLS in the chain of `error`, or None. A connection that broke off is no refusal."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, ssl.SSLError) and not isinstance(error, _NO_REFUSAL):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None
