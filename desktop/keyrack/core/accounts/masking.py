"""Shows who an account belongs to without spelling it out."""


def mask(identity: str) -> str:
    """`sam@example.org` as `s…m@example.org`, an id as its first and last two characters; "" stays ""."""
    name, at, domain = identity.partition("@")
    if at:
        return f"{name[:1]}…{name[-1:]}@{domain}" if len(name) > 1 else f"…@{domain}"
    if len(identity) <= 4:
        return "…" if identity else ""
    return f"{identity[:2]}…{identity[-2:]}"
