"""The few identifiers that rooms hand to each other instead of rows, and never instead of a person's details."""

from typing import NewType

PersonRef = NewType("PersonRef", int)
"""Names a person without saying who it is: the key of `people_person`. Safe in a log, useless outside."""

LetterId = NewType("LetterId", int)
"""A compiled letter as the post office keeps it."""

DeliveryId = NewType("DeliveryId", int)
"""One row: one person, one letter. What a bounce, a click and an unsubscribe name."""

ActionId = NewType("ActionId", int)
"""A petition or another action that a person can take."""

MailingId = NewType("MailingId", int)
"""An appeal with an audience and a time."""
