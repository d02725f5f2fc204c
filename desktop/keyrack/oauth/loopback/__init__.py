"""The room `loopback`."""
