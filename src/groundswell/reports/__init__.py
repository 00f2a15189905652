"""Read-only numbers; small groups hidden."""
