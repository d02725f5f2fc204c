"""What the window and the agent need before they run: options, the instance, the sandbox, the vault and the rack.

The rule of the room: it only puts things together. Behaviour belongs into the rooms below.
Open `assembly.py` first. `keyrack/app.py` (with Qt) and `keyrack/agent/agent.py` (without) are the composition roots
that call it.
"""
