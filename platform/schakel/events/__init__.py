"""Events of every kind: agenda, organisers, capacity, publishing and moving."""
