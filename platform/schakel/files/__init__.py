"""Uploads judged by content, kept in the database, handed out as downloads only."""
