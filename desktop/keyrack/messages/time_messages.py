"""Words for a time, as they stand beside a label or inside a sentence."""

from keyrack.messages.message import Message

TIME_MESSAGES = {
    "time_left_unknown": Message("Unknown"),
    "time_left_endless": Message("does not expire soon"),
    "hours": Message("{count} hours"),
    "days": Message("{count} days"),
    # In the place of a time where the provider names no limit
    "too_long": Message("too long"),
}
