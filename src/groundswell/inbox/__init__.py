"""What comes back by mail or webhook: letterbox, then post and people are told."""
