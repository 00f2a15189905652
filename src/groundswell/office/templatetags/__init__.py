"""Numbers and words as the office's pages say them."""
