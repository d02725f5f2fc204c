"""The protocol, under the names of its RFCs; knows no account, no disk and no Qt."""
