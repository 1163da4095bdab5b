"""The pages that belong to nobody: front page, today, style, health, demo sign-in."""
