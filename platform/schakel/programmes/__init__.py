"""The shared theme list (and later programmes over organisations)."""
