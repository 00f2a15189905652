"""Typed settings, urls, process wiring, system checks, scrubbed logging."""
