"""The control port: how a test or a person switches faults, moves the clock, and reads the log of requests.

It speaks JSON to programs and has one page with buttons. It knows stand-ins only by what they declare.
The rule of the room: it refuses every request of another origin, and it imports no stand-in.
Open `control.py` first, it lists the paths.
"""
