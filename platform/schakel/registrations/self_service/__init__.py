"""By the link in the mail: change, withdraw, accept an offered place, ask for the link again."""
