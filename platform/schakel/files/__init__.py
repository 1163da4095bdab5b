"""Uploads, checked by content, stored in the database, served as downloads only."""
