"""The administrator's pages: who has an account, which roles they have since when, and who deputises for whom."""
