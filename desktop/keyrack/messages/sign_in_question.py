"""Finds the question of a sign-in's step."""

from keyrack.messages.catalogue import message


def sign_in_question(step: str, provider: str, identity: str) -> str:
    """The question of a step that a yes or a no answers (S33), "" at any other step.

    `identity` is who signed in, masked, and "" where the provider does not say.
    """
    if step == "refusal":
        code = "ask_if_refused"
    elif step == "confirming":
        code = "ask_if_meant" if identity else "ask_if_approved"
    else:
        return ""
    return message(code, {"provider": provider, "identity": identity}).happened
