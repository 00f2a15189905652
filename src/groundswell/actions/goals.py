"""Milestones: a goal that is nearly reached gives way to the next one, so that there is always one ahead."""

from groundswell.actions.models import Petition
from groundswell.basics.ids import ActionId

_NEAR = 0.9


def next_goal(count: int, goal: int) -> int:
    """The goal to show: today's while it is ahead, then the next of 100, 250, 500, 1,000, 2,500 … Pure."""
    while count >= goal * _NEAR:
        goal = _above(goal)
    return goal


def _above(goal: int) -> int:
    step = 100
    while True:
        for factor in (1, 2.5, 5):
            if step * factor > goal:
                return int(step * factor)
        step *= 10


def raise_goal(*, petition_id: ActionId) -> int:
    """Raise the petition's goal where its last count has come near; returns the goal that stands. Never lowers it."""
    counted, goal = Petition.objects.values_list("counted", "goal").get(pk=petition_id)
    wanted = next_goal(counted, goal)
    if wanted != goal:
        Petition.objects.filter(pk=petition_id, goal__lt=wanted).update(goal=wanted)
    return wanted
