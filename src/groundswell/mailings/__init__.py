"""An appeal with an audience and a time; hands rows to post."""
