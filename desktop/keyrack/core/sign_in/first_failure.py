"""Words a failure for a sign-in: nothing is kept of one that failed, and nobody tries it again."""

from collections.abc import Mapping

from keyrack.primitives.failure import Failure

# The sentences on the left are about a renewal, and promise to keep the sign-in and to try again.
_AT_SIGN_IN: Mapping[str, str] = {
    "server_unavailable": "server_unavailable_at_sign_in",
    "server_slows_down": "server_slows_down_at_sign_in",
    "server_busy": "server_busy_at_sign_in",
    "server_failed": "server_failed_at_sign_in",
    "response_unreadable": "response_unreadable_at_sign_in",
    "response_without_token": "response_without_token_at_sign_in",
    "redirect_not_followed": "redirect_not_followed_at_sign_in",
    "network_refused": "network_refused_at_sign_in",
    "host_unreachable": "host_unreachable_at_sign_in",
    "host_unreachable_in_time": "host_unreachable_in_time_at_sign_in",
}


def without_promise(why: Failure) -> Failure:
    """The same failure with sentences that promise nothing. Its kind, its words and its time to wait stay."""
    if why.code not in _AT_SIGN_IN:
        return why
    why.code = _AT_SIGN_IN[why.code]
    return why
