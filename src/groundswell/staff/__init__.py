"""Accounts, roles and the ledger of who did what, when and why."""
