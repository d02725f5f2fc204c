"""The room `probit`."""
