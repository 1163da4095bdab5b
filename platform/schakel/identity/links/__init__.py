"""Ways in without account: a link in a mail opens exactly one object."""
