"""The journal that the public door writes to before the database is asked."""
