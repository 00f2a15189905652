"""The only sockets of the letter: SMTP, files, memory."""
