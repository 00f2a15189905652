"""Writing the files of a hand-over: lines, tables, pages, and the manifest that names them all."""
