"""The command groundswell."""
