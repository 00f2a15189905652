"""Campaigns, targets, demands and the record of what was promised."""
