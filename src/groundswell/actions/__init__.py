"""Petitions and other actions: text versions, signatures, counts."""
