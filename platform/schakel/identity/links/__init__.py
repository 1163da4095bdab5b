"""Access without an account: a link in a mail opens exactly one object."""
