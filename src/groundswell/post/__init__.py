"""The post office: one row per person per letter, in an honest state."""
