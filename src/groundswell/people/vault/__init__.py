"""The only tables and keys that hold contact details."""
