"""Times of loading by size into a plot: SVG by plain code, both axes logarithmic, with the fitted line."""

import math
from collections.abc import Iterator, Mapping

from tests.benchmarks.timing import Spread

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 30, 50
_POINTS_OF_THE_LINE = 60


def plot(found: Mapping[int, Spread], slope: float, start: float) -> str:
    """Return the plot of the seconds by the number of clauses, with the line `start + slope * clauses`."""
    sizes = _decades(min(found), max(found))
    times = _decades(min(spread.low for spread in found.values()), max(spread.high for spread in found.values()))
    axes = _Axes(sizes, times)
    title = f"Time to load a standard by its size: {slope * 1e6:,.0f} µs a clause"
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
                f'font-family="sans-serif" font-size="13">'
            ),
            f"<title>{title}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="{WIDTH / 2:g}" y="19" text-anchor="middle">{title}</text>',
            *axes.drawn(),
            f'<polyline fill="none" stroke="#b42318" stroke-width="1.5" points="{axes.line(found, slope, start)}"/>',
            *(point for size, spread in found.items() for point in axes.point(size, spread)),
            "</svg>\n",
        ]
    )


def _decades(low: float, high: float) -> tuple[int, int]:
    """Return the powers of ten around what is shown."""
    return math.floor(math.log10(low)), math.ceil(math.log10(high))


class _Axes:
    """Where sizes and times stand."""

    def __init__(self, sizes: tuple[int, int], times: tuple[int, int]) -> None:
        self.sizes = sizes
        self.times = times

    def x(self, size: float) -> float:
        first, last = self.sizes
        return LEFT + (math.log10(size) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        first, last = self.times
        return HEIGHT - BOTTOM - (math.log10(seconds) - first) / (last - first) * (HEIGHT - TOP - BOTTOM)

    def drawn(self) -> Iterator[str]:
        """Yield the grid with its numbers, and what the axes are."""
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        for power in range(self.sizes[0], self.sizes[1] + 1):
            x = self.x(10**power)
            yield f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#d0d5dd"/>'
            yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{10**power:,}</text>'
        for power in range(self.times[0], self.times[1] + 1):
            y = self.y(10.0**power)
            yield f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#d0d5dd"/>'
            yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
        yield f'<text x="{(LEFT + right) / 2:g}" y="{HEIGHT - 10}" text-anchor="middle">clauses</text>'

    def line(self, found: Mapping[int, Spread], slope: float, start: float) -> str:
        """Return the points of the line, from the smallest to the largest size, where it is above zero."""
        low, high = math.log10(min(found)), math.log10(max(found))
        sizes = [10 ** (low + (high - low) * step / _POINTS_OF_THE_LINE) for step in range(_POINTS_OF_THE_LINE + 1)]
        points = [(size, start + slope * size) for size in sizes]
        return " ".join(f"{self.x(size):.1f},{self.y(one):.1f}" for size, one in points if one >= 10.0 ** self.times[0])

    def point(self, size: int, spread: Spread) -> Iterator[str]:
        """Yield a measured point, with its quarter points as a bar."""
        x = self.x(size)
        yield f'<path d="M{x:.1f} {self.y(spread.low):.1f}V{self.y(spread.high):.1f}" stroke="#1d4ed8" stroke-width="2"/>'
        yield (
            f'<circle cx="{x:.1f}" cy="{self.y(spread.median):.1f}" r="4" fill="#1d4ed8">'
            f"<title>{size:,} clauses: {spread.median:.3g} s</title></circle>"
        )
