"""Stand-ins for the providers on this machine: a process of its own that knows nothing of the rest of Keyrack."""
