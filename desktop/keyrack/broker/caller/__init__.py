"""Finds the program behind a connection to the local socket, so that a person can allow or refuse it (S92).

The rule of the room: it reads what the kernel says and /proc, and opens no file of the calling program.
A result is never proof, because a program of the same user can imitate another one.
Open `program_of.py` first. `interpreters.py` and `script_argument.py` find the script behind an interpreter.
"""
