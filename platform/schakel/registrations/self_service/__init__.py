"""By the link in the mail: change, withdraw, accept or refuse an offered place, ask for the link again."""
