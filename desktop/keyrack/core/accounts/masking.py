"""Shows the identity of an account without its full spelling."""


def mask(identity: str) -> str:
    """`sam@example.org` becomes `s…m@example.org`. An id keeps its first and last two characters, "" stays ""."""
    name, at, domain = identity.partition("@")
    if at:
        return f"{name[:1]}…{name[-1:]}@{domain}" if len(name) > 1 else f"…@{domain}"
    if len(identity) <= 4:
        return "…" if identity else ""
    return f"{identity[:2]}…{identity[-2:]}"
