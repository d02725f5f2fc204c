"""Says what of a record may be in two places at once."""

from dataclasses import replace

from keyrack.core.sites.sites import Site
from keyrack.core.vault.record import Record


def stays_behind(record: Record, site: Site) -> bool:
    """Whether the record holds a sign-in that cannot be in two places.

    Each renewal replaces its refresh token, and a provider that sees the old one again may end the whole sign-in
    (RFC 9700 section 4.14.2). Where the provider's file does not say that it never does so, it is taken to do so.
    """
    return (
        record.signed_in
        and site.keys is None
        and record.refresh is not None
        and not site.server.renews_again
        and site.server.dialect.rotation != "never"
    )


def portable(record: Record, site: Site) -> Record:
    """The record without what cannot be in two places: client secrets, API keys and lasting tokens stay in it."""
    bare = Record(client_secret=record.client_secret, identity=record.identity)
    if not record.signed_in or record.fetching or stays_behind(record, site):
        return bare
    if site.keys is not None:
        return replace(
            bare,
            signed_in=True,
            scopes=record.scopes,
            api_key=record.api_key,
            api_secret=record.api_secret,
            api_key_id=record.api_key_id,
            api_key_issued_wall=record.api_key_issued_wall,
        )
    if site.server.renews_again:  # its own credentials make a new token there
        return replace(bare, signed_in=True, scopes=record.scopes)
    return replace(record, generation=0, verifier=None, proxy="", proxy_user="", proxy_password=None)


def handed_over(record: Record) -> Record:
    """The whole sign-in, which ends where it was. A key that its token made is made anew by the next place."""
    return replace(record, generation=0, api_key=None, api_secret=None, api_key_id="", api_key_issued_wall=None)
