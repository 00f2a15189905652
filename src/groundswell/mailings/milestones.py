"""When a count is worth a letter. Pure."""

_STEPS = (100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000)


def reached(count: int, goal: int) -> int:
    """The highest milestone that `count` has passed, the goal among them; 0 before the first."""
    return max((step for step in (*_STEPS, goal) if 0 < step <= count), default=0)
