"""What comes to the window from outside: dropped anywhere on it, or pasted into it.

`IncomingText` recognises an export, a provider file and credentials, and `Arrivals` opens the page where each goes on.
The rule of the room: what came is never shown, logged or kept, and nothing comes in while Keyrack is locked.
Open `arrivals.py` first.
"""
