"""The words that refusals are written in, by what they mean. Tables only: order and use are `classify`'s."""
