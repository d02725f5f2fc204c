"""The room `bitport`."""
