"""Capacity as counters: claiming and releasing places, and the waiting lists of full pools."""
