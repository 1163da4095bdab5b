"""*Vandaag*: what requires action from me, and the weekly mail with the same query."""
