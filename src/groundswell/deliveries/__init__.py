"""Handing signatures to the target, with proof."""
