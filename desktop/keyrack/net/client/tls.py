"""How Keyrack verifies the host it talks to, and how it says that it could not."""

import importlib
import ssl
from pathlib import Path

from keyrack.net.network_errors import TlsRefused

_CLOCK = {9, 10}  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_NAME = {62, 64}  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_UNKNOWN = {18, 19, 20, 21}  # self-signed, self-signed in chain, issuer not found, leaf not verifiable

_NO_REFUSAL = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLEOFError, ssl.SSLZeroReturnError)

_NETWORK = "Check that no program or network on the way stands in for it."


def context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A verifying client context: TLS 1.2 or later, the system's store, an extra CA file if given.

    Not `create_default_context`: that one obeys SSLKEYLOGFILE (S53).
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_default_certs()
    if not _system_has_store():
        made.load_verify_locations(cafile=importlib.import_module("certifi").where())
    if ca_file is not None:
        made.load_verify_locations(cafile=ca_file)
    return made


def unusable(ca_file: Path) -> str:
    """Why a file of certificates cannot be used, "" when it can."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=ca_file)
    except FileNotFoundError:
        return "is not there"
    except ssl.SSLError:
        return "holds no certificate in PEM form"
    except OSError:
        return "cannot be read"
    return ""


def _system_has_store() -> bool:
    paths = ssl.get_default_verify_paths()
    return hasattr(ssl, "enum_certificates") or bool(paths.cafile or paths.capath)


def refused(host: str, error: ssl.SSLError) -> TlsRefused:
    """The failure that tells a person why TLS with `host` was refused (R31, R32)."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return TlsRefused(host, "It offered no encryption that is safe today.", _NETWORK, detail=error.reason or "")
    code, detail = error.verify_code, error.verify_message
    if code in _CLOCK:
        todo = "Check the date and time of this computer; if they are right, the provider must renew its certificate."
        return TlsRefused(host, "Its certificate is not valid at this computer's date.", todo, detail=detail)
    if code in _NAME:
        return TlsRefused(host, "Its certificate belongs to another name.", _NETWORK, detail=detail)
    if code in _UNKNOWN:
        return TlsRefused(host, "Its certificate comes from nobody this computer trusts.", _NETWORK, detail=detail)
    return TlsRefused(host, "Its certificate was refused.", _NETWORK, detail=detail)


def in_chain(error: BaseException | None) -> ssl.SSLError | None:
    """The refusal of TLS that lies under `error`, if there is one; a connection that broke off is none."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, ssl.SSLError) and not isinstance(error, _NO_REFUSAL):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None
