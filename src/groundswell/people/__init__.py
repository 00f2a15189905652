"""Supporters: consent, suppression, import, audiences' facts; contact details only in the vault."""
