"""Audiences: who a letter is for, as a saved definition that compiles to one statement."""
