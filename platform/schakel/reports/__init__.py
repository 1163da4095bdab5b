"""Pages over all features: the director's monitoring."""
