"""The administrator's page: who has an account, which roles they hold and since when, who stands in for whom."""
