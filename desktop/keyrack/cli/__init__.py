"""The command line, `keyrack VERB …`: asks the running Keyrack at its socket, with the standard library alone."""
