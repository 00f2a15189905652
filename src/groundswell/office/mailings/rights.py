"""Who may do what with mailings: Wagtail's Editors write, Moderators approve and send, as far as nobody changed their rights."""

WRITE, APPROVE, SEND = "mailings.change_mailing", "mailings.approve_mailing", "mailings.send_mailing"
WRITING = (WRITE, APPROVE, SEND)
"""One of these opens the pages; each button asks for its own."""
