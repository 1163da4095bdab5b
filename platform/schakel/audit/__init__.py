"""The audit log: who did what and when, in append-only rows with a chain of seals that detects every change."""
