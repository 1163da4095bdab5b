"""Pages outside the features: front page, today, style, health, demo sign-in."""
