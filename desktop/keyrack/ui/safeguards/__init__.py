"""What keeps a person from losing something: the question before quitting, Undo after a removal, the keyring's notice.

The rule of the room: each says what would be lost and when, and offers the way that loses nothing.
Open `quit_question.py` first.
"""
