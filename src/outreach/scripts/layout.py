"""Where the stations of a drawing stand on paper, from the opening down, and which way its lines take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fast_sugiyama import from_edges

from outreach.scripts.drawing import Drawing

WIDTH, HEIGHT = 168, 58
"""Of a station, in pixels of a picture that is not scaled."""
BESIDE, BELOW = 190, 108
"""From one station to the next."""
BEND = 0.12
"""Of a station's width: what a line takes where it passes a row."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One way, as the points it passes: from the station it leaves to the one it comes to."""

    source: str
    target: str
    labels: tuple[str, ...]
    points: tuple[Point, ...]

    @property
    def curve(self) -> str:
        """The line as SVG draws it, upright where it passes a row."""
        drawn = [f"M{self.points[0][0]:.0f} {self.points[0][1]:.0f}"]
        for (x, y), (to_x, to_y) in zip(self.points, self.points[1:], strict=False):
            half = (y + to_y) / 2
            drawn.append(f"C{x:.0f} {half:.0f} {to_x:.0f} {half:.0f} {to_x:.0f} {to_y:.0f}")
        return "".join(drawn)

    @property
    def middle(self) -> Point:
        """Where what leads there is written: shortly after the line begins."""
        (x, y), (to_x, to_y) = self.points[:2]
        return x + 0.5 * (to_x - x), y + 0.5 * (to_y - y)


@dataclass(frozen=True)
class Picture:
    """Stations by their middle, lines, and the size of it all."""

    places: dict[str, Point]
    lines: tuple[Line, ...]
    width: float
    height: float


def laid_out(drawing: Drawing) -> Picture:
    """Layers from the top down (Sugiyama, Tagawa, Toda 1981); a way that leads back is drawn upwards."""
    names = list(drawing.steps)
    back = set(_leading_back(drawing))
    ways = [(source, target) for source, target in drawing.ways if source != target]
    numbers = {name: number for number, name in enumerate(names)}
    # The layout is of numbers, and without circles: those of its own removal depend on chance.
    downward = dict.fromkeys(
        (numbers[target], numbers[source]) if (source, target) in back else (numbers[source], numbers[target])
        for source, target in ways
    )
    places, following = _placed(list(downward), len(names))
    lines = []
    for source, target in ways:
        turned = (source, target) in back
        first, last = (numbers[target], numbers[source]) if turned else (numbers[source], numbers[target])
        passed = _passed(first, last, following, len(names))
        points = _ends([places[one] for one in passed])
        lines.append(Line(source, target, drawing.ways[source, target], tuple(reversed(points) if turned else points)))
    shown = {name: places[numbers[name]] for name in names}
    width = max((x for x, _ in places.values()), default=0.0) + WIDTH / 2
    height = max((y for _, y in places.values()), default=0.0) + HEIGHT / 2
    return Picture(shown, tuple(lines), width + 4, height + 4)


def _placed(ways: list[tuple[int, int]], stations: int) -> tuple[dict[int, Point], dict[int, list[int]]]:
    """The middle of each station and of each bend of a line, and which follows which; unconnected ones side by side."""
    places: dict[int, Point] = {}
    following: dict[int, list[int]] = {}
    left, bends = 0.0, stations
    for positions, width, height, edges in from_edges(
        ways, vertex_spacing=BESIDE, dummy_vertices=True, dummy_size=BEND * BESIDE
    ):
        # Each part counts its bends from the same number on.
        own = {int(one): int(one) if int(one) < stations else bends + int(one) for one, _ in positions}
        for one, (x, y) in positions:
            places[own[int(one)]] = (left + x + WIDTH / 2 + 2, (height - y) / BESIDE * BELOW + HEIGHT / 2 + 2)
        for source, target in edges or ():
            following.setdefault(own[int(source)], []).append(own[int(target)])
        left += width + BESIDE
        bends += len(positions) + stations
    for alone in (one for one in range(stations) if one not in places):
        places[alone] = (left + WIDTH / 2 + 2, HEIGHT / 2 + 2)
        left += BESIDE
    return places, following


def _passed(first: int, last: int, following: dict[int, list[int]], stations: int) -> list[int]:
    """The stations and bends from one station to another: bends lead on to one place only."""
    for begins in following.get(first, ()):
        passed = [first, begins]
        while passed[-1] >= stations:
            passed.append(following[passed[-1]][0])
        if passed[-1] == last:
            return passed
    return [first, last]


def _ends(points: Sequence[Point]) -> list[Point]:
    """From the lower edge of the first station to the upper edge of the last."""
    (x, y), (to_x, to_y) = points[0], points[-1]
    return [(x, y + HEIGHT / 2), *points[1:-1], (to_x, to_y - HEIGHT / 2)]


def _leading_back(drawing: Drawing) -> Iterator[tuple[str, str]]:
    """The ways to a station that one has come from."""
    led: dict[str, list[str]] = {}
    for source, target in drawing.ways:
        led.setdefault(source, []).append(target)
    done: set[str] = set()
    for start in (name for name in drawing.steps if name not in done):
        path = [(start, iter(led.get(start, ())))]
        on_path = {start}
        while path:
            here, onward = path[-1]
            for target in onward:
                if target in on_path:
                    yield here, target
                elif target not in done:
                    on_path.add(target)
                    path.append((target, iter(led.get(target, ()))))
                    break
            else:
                done.add(here)
                on_path.discard(here)
                path.pop()
