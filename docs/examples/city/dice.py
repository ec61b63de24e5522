"""A name into made-up choices, the same ones every time."""

from random import Random


class Dice(Random):
    """Random choices; equal seeds give equal data."""

    def likely(self, probability: float) -> bool:
        """Say yes with a probability from 0 to 1."""
        return self.random() < probability
