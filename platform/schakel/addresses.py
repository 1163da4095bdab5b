"""E-mail addresses: a domain with letters outside ASCII is stored as typed, and mailed and compared as xn--."""

import idna

from schakel.names import fold


def mail_address(email: str) -> str:
    """Return an address as mail servers take it: info@praktijk-jägers.nl → an address with xn-- in its domain."""
    local, sign, domain = email.rpartition("@")
    if domain.isascii():
        return email
    try:
        return local + sign + idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return email


def fold_address(email: str) -> str:
    """Return the key by which addresses are compared: the same for both ways of writing a domain."""
    return fold(mail_address(email.strip()))
