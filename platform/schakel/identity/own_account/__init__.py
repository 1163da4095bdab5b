"""One's own account: what it holds, the password, who deputises for me."""
