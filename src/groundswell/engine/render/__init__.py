"""From a compiled letter and one person to the bytes that leave the house."""

from groundswell.engine.render.prepared import Prepared, preview, subject_line

__all__ = ["Prepared", "preview", "subject_line"]
