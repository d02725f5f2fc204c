"""What a running sandbox knows: clients, codes and tokens, consents, faults, the clock, the log of requests.

`World` holds it all and is shared by every port. What one stand-in alone keeps is in that stand-in's folder.
The rule of the room: it names no provider.
Open `stand_in.py` first (what a stand-in declares), then `world.py`. `fault_kinds.py` lists the faults.
"""
