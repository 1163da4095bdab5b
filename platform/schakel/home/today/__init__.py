"""*Vandaag*: what asks something of me, and the weekly mail that is the same query."""
