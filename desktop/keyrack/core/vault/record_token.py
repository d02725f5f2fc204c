"""Converts a token to the record that is stored of it, and back.

A record holds wall times, because the clock of a token's moments begins anew with each start of the computer.
"""

from dataclasses import replace

from keyrack.core.accounts.credential import Credential, Key, renewed_part
from keyrack.core.vault.record import Record
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock, believable


def record_of(credential: Credential, old: Record, identity: str, clock: Clock) -> Record:
    """The record `old` with this credential in it, in place of the one that it held.

    The access token itself is stored only where no renewal can make it again (S65). Of an API key the record takes
    the rights and the token that made it. The key itself is stored with `RecordStore.save_api_key`.
    """
    rights = credential.rights if isinstance(credential, Key) else credential.scopes
    return replace(
        with_token(old, renewed_part(credential), clock), signed_in=True, identity=identity, scopes=rights, ended=""
    )


def with_token(old: Record, token: Token | None, clock: Clock) -> Record:
    """The record `old` with what is stored of a token, or without any for None. Nothing else of it changes."""
    if token is None:
        return replace(
            old,
            refresh=None,
            refresh_issued_wall=None,
            refresh_lifetime=None,
            access=None,
            issued_wall=None,
            lifetime=None,
        )
    issued = token.refresh_issued
    return replace(
        old,
        refresh=token.refresh,
        refresh_issued_wall=None if issued is None else clock.wall_at(issued),
        refresh_lifetime=token.refresh_lifetime,
        access=None if token.renewable else token.access,
        issued_wall=None if token.renewable else clock.wall_at(token.issued),
        lifetime=token.lifetime,
        sign_in_wall=None if token.signed_in is None else clock.wall_at(token.signed_in),
        sign_in_lifetime=token.sign_in_lifetime,
        code_verifier=token.verifier,
        api=token.api,
    )


def token_of(record: Record, clock: Clock, *, renews_again: bool) -> Token:
    """The token of a record, without an access token where a renewal makes it again.

    `renews_again` says that the provider gives a new token without a person and without a refresh token.
    """
    issued = record.refresh_issued_wall
    return Token(
        access=record.access,
        issued=clock.elapsed() if record.issued_wall is None else past_moment(record.issued_wall, clock),
        lifetime=record.lifetime,
        refresh=record.refresh,
        refresh_lifetime=record.refresh_lifetime,
        refresh_issued=None if issued is None else past_moment(issued, clock),
        scopes=record.scopes,
        renewable=renews_again or (record.refresh is not None and record.access is None),
        signed_in=None if record.sign_in_wall is None else past_moment(record.sign_in_wall, clock),
        sign_in_lifetime=record.sign_in_lifetime,
        verifier=record.code_verifier,
        api=record.api,
    )


def moved(record: Record, step: float, clock: Clock) -> Record:
    """The record with its wall times `step` seconds later, never beyond now. What cannot be true stays as it is."""

    def later(wall: float | None) -> float | None:
        return wall if wall is None or not believable(wall) else max(wall, min(wall + step, clock.wall()))

    return replace(
        record,
        refresh_issued_wall=later(record.refresh_issued_wall),
        issued_wall=later(record.issued_wall),
        sign_in_wall=later(record.sign_in_wall),
    )


def past_moment(wall: float, clock: Clock) -> float:
    """The moment of `Clock.elapsed` that belongs to a wall time of the past.

    A wall time in the future means that the wall clock was set back. One that cannot be true means that the clock was
    wrong when it was noted, and a present one that cannot be true means that it is wrong now. The moment is now in all
    these cases, so a sign-in is tried and not given up (S80).
    """
    if not (believable(wall) and believable(clock.wall())):
        return clock.elapsed()
    return min(clock.elapsed_at(wall), clock.elapsed())
