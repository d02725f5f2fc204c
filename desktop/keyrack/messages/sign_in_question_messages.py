"""Questions that a sign-in asks the person. The window and the command line show the same ones."""

from keyrack.messages.message import Message

SIGN_IN_QUESTION_MESSAGES = {
    "ask_if_meant": Message("{provider} signed in {identity}. Is this the account you meant?"),
    "ask_if_approved": Message("{provider} signed in without saying as whom. Did you just press Approve there?"),
    "ask_if_refused": Message("{provider} reported a refusal, which may not be yours. End this sign-in?"),
}
