"""Why a sign-in lapsed: what stood in the way of its renewal, where Keyrack saw it."""

import time

from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.state import Renewal, Retrying
from keyrack.core.failures import SignInLapsed
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

# A try that comes later than this was held up by a computer that slept, which is then the reason.
_ON_TIME = 60.0
_ENDED = "sign_in_ended"
_BEGINNINGS = ("signed_in", "signed_in_as")
_SEEN = ("sign_in_lapsed_after_one", "sign_in_lapsed_after")


def with_last_seen(why: Failure, renewal: Renewal, tries: int, clock: Clock) -> Failure:
    """A SignInLapsed with what the last of so many tries in vain met. Any other failure as it is."""
    if not isinstance(why, SignInLapsed) or not isinstance(renewal, Retrying) or not tries:
        return why
    if clock.elapsed() - renewal.at > _ON_TIME:
        return why
    ended, last, said = (
        time.strftime("%H:%M:%S", time.localtime(clock.wall())),
        renewal.why.phrases.happened,
        renewal.why.said,
    )
    if tries == 1:
        return SignInLapsed("sign_in_lapsed_after_one", detail=said, time=ended, last=last)
    return SignInLapsed("sign_in_lapsed_after", detail=said, time=ended, times=str(tries), last=last)


def lapse_in(activity: Activity) -> SignInLapsed | None:
    """The reason for which the account's last sign-in lapsed, as its activity has kept it. None where it is unknown."""
    line = next((line for line in activity.lines() if line.notice.code in (_ENDED, *_BEGINNINGS)), None)
    cause = line.notice.cause if line is not None and line.notice.code == _ENDED else None
    if line is None or cause is None or cause.code not in _SEEN:
        return None
    return SignInLapsed(cause.code, detail=line.detail, params=cause.params)
