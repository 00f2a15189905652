"""Groundswell: public-pressure campaigns, from the first letter to the public record."""

__version__ = "0.1.0"
