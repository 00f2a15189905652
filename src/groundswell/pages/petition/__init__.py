"""A petition's public pages: made from plain data, escaped here, written as files by `publish`."""
