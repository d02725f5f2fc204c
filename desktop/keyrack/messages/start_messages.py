"""Sentences about starting, the other Keyrack that runs, and the agent's keyring."""

from keyrack.messages.message import Message

START_MESSAGES = {
    "agent_runs": Message(
        "Keyrack runs as an agent, without a window.",
        "A second Keyrack would renew the same tokens and break the sign-ins.",
        "Stop the agent first, or use the `keyrack` commands.",
    ),
    "agent_stays": Message(
        "The agent did not stop.",
        "A second Keyrack would renew the same tokens and break the sign-ins.",
        "Stop it where it was started (systemctl --user stop keyrack-agent), then start Keyrack again.",
    ),
}
