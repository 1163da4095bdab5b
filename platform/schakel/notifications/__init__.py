"""Mail as rows: written in the transaction, sent by the worker."""
