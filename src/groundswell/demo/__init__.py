"""A small world, built only through operations."""
