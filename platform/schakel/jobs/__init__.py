"""The jobs of the worker, with a lease per job, so that two workers run each job once."""
