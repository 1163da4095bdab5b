"""The worker's clock: a lease per job, so that two workers do each job once."""
