"""What a screen reader is told of a widget, where Qt alone would tell it something else.

The rule of the room: it knows no other room. A widget names its role with `spoken_as` where its class begins.
What only counts seconds is shown and not told: a screen reader reads each change aloud.
Open `accessible_face.py` first.
"""
