"""The public record: a timeline people read, the standing of every promise, and the same as data. Files, like every page."""
