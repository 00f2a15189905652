"""Ids, addresses, signed tokens, results: pure, imported by everyone."""
