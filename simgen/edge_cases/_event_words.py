"""The words of the language of events: who takes part, where each may be, and what is asked."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simgen.assets.base import Asset
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, suggest

#: a number that is given, or a range that the solver chooses from
Span = float | tuple[float, float]
Side = Literal["", "left", "right"]
#: what an instant can be called
Instant = Literal["whenever", "start", "entry", "end"]


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where an actor may start, along the way that the ego will take; give one of ``on``, ``along`` and ``beside``.

    Ranges [from, to] are free: the solver chooses. Units: m, deg.
    """

    on: Literal["", "lane", "next_lane", "oncoming_lane", "sidewalk"] = param(
        "", doc="the ego's lane, the one beside it that goes its way, the nearest that comes its way, or the sidewalk"
    )
    along: Literal["", "kerb"] = param("", doc="'kerb': vehicles stand parked at it, people on or beside it")
    beside: Literal["", "road"] = param("", doc="'road': anywhere beside the ego's way")
    side: Side = param("", doc="of the ego's way; empty = whichever there is")
    ahead_m: Span | None = param(
        None, ge=-200.0, le=2000.0, doc="along the ego's way, from its start; default: all of it"
    )
    aside_m: Span | None = param(
        None,
        ge=-50.0,
        le=50.0,
        doc="to the left of the lane's centre; from the kerb towards the road; or from the middle of the ego's way",
    )
    faces: Literal["", "along", "against", "across", "away"] = param(
        "", doc="along or against the lane or kerb, or across: towards the ego's way; default: as such actors do"
    )
    turn_deg: Span = param(0.0, ge=-180.0, le=180.0, doc="turned to the left from where it faces")

    def __post_init__(self) -> None:
        given = [name for name in ("on", "along", "beside") if getattr(self, name)]
        if len(given) != 1:
            told = f"{' and '.join(given)} contradict each other; " if given else ""
            raise UserError(f"place: {told}give one of on, along and beside")
        for name in ("ahead_m", "aside_m", "turn_deg"):
            check_span(name, getattr(self, name))

    @property
    def kind(self) -> str:
        """The one word that was given."""
        return self.on or self.along or self.beside


@dataclass(frozen=True, kw_only=True)
class Player:
    """Somebody who takes part: what it is and does is said, where and when it starts is found."""

    name: str = param(doc="its name in the scene")
    asset: Asset = param(doc="what it is")
    place: Stand = param(doc="where it may start")
    does: Behaviour | None = param(None, doc="what it does; without it, it stays where it is")
    starts_s: Span | None = param(
        None, ge=0.0, le=3600.0, doc="when it sets off, if its behaviour can wait; default: found, within the clip"
    )
    free: Mapping[str, tuple[float, float]] = dataclasses.field(
        default_factory=dict, metadata={"doc": "numbers of its behaviour that the solver chooses: name -> [from, to]"}
    )

    def __post_init__(self) -> None:
        check_span("starts_s", self.starts_s)
        if self.starts_s is not None and not self.can_wait:
            what = f"{type(self.does).plugin_name} cannot wait" if self.does else "it does nothing"
            raise UserError(f"starts_s: {self.name!r} cannot set off later, for {what}")
        known = self._numbers()
        for name, span in self.free.items():
            if name not in known:
                raise UserError(f"free: {self._does} has no number {name!r}{suggest(name, known)}")
            check_span(name, span)

    @property
    def can_wait(self) -> bool:
        """Whether what it does can begin later."""
        return self.does is not None and (hasattr(self.does, "start_s") or hasattr(self.does, "times_s"))

    @property
    def _does(self) -> str:
        return type(self.does).plugin_name if self.does is not None else "doing nothing"

    def _numbers(self) -> tuple[str, ...]:
        fields = dataclasses.fields(self.does) if self.does is not None else ()
        return tuple(f.name for f in fields if isinstance(getattr(self.does, f.name), float) and f.name != "start_s")


@dataclass(frozen=True, kw_only=True)
class Amount:
    """How much is asked: about a value, at least, at most, or between the two."""

    about: float | None = param(None, doc="this value, give or take the tolerance")
    at_least: float | None = param(None, doc="this or more")
    at_most: float | None = param(None, doc="this or less")
    tolerance: float | None = param(None, ge=0.0, doc="largest deviation that still counts as achieved")

    def __post_init__(self) -> None:
        if self.about is None and self.at_least is None and self.at_most is None:
            raise UserError("say how much: about, at_least or at_most")
        if self.about is not None and not (self.at_least is None and self.at_most is None):
            raise UserError("about is one value; give it alone, or at_least and at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise UserError(f"at_least {self.at_least:g} is more than at_most {self.at_most:g}")

    def parts(self) -> Iterator[tuple[Literal["about", "at_least", "at_most"], float]]:
        """Relation and value of each."""
        for relation in ("about", "at_least", "at_most"):
            value = getattr(self, relation)
            if value is not None:
                yield relation, value


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is asked: names of metrics with how much, and of whom; a bare number means about so much."""

    measures: Mapping[str, float | Amount] = dataclasses.field(
        default_factory=dict,
        metadata={"doc": "any metric (simgen list metric) and how much", "alias": "<metric>", "words": "metric"},
    )
    of: str = param("ego", doc="the actor or sensor that it is about", reference="party")
    other: str = dataclasses.field(
        default="", metadata={"doc": "the second one, if the metric has one", "alias": "with", "reference": "party"}
    )
    seen_by: str = param("", doc="the same, where it is the sensor or actor that looks", reference="party")
    by: str = param("", doc="the same, where it is what hides or hits; NAME@WATCHER says who looks", reference="party")
    at_s: float | Instant = param(
        "whenever",
        ge=0.0,
        le=3600.0,
        doc="when: an instant; start = the actor sets off, entry = one enters the other's (or the ego's) path",
    )
    until_s: float | Literal["end"] | None = param(None, ge=0.0, le=3600.0, doc="until when, of a stretch")
    tolerance: float | None = param(None, ge=0.0, doc="largest deviation; default: a tenth of what is asked about")

    def __post_init__(self) -> None:
        if not self.measures:
            raise UserError("an ask needs a metric and how much: {time_to_collision_s: 1.5, of: ego, with: ...}")
        others = [name for name in ("with", "seen_by", "by") if getattr(self, "other" if name == "with" else name)]
        if len(others) > 1:
            raise UserError(f"{' and '.join(others)} both say who the other is; give one of them")
        if self.until_s is not None and self.at_s == "whenever":
            raise UserError("until_s needs at_s: from when on")

    @property
    def second(self) -> str:
        """The other actor or sensor, if any."""
        return self.other or self.seen_by or self.by

    def constraints(self, source: str, duration_s: float) -> Iterator[Constraint]:
        """One for each metric and relation; instants that only the forecast tells are left open."""
        fixed = {"whenever": -1.0, "end": duration_s}
        at_s = self.at_s if isinstance(self.at_s, float | int) else fixed.get(self.at_s, 0.0)
        until_s = -1.0 if self.until_s is None else duration_s if self.until_s == "end" else float(self.until_s)
        for kind, amount in self.measures.items():
            asked = amount if isinstance(amount, Amount) else Amount(about=float(amount))
            for relation, value in asked.parts():
                yield Constraint(
                    kind=kind,
                    subject=self.of,
                    other=self.second,
                    asked=value,
                    tolerance=self._tolerance(asked, relation, value),
                    relation=relation,
                    time_s=float(at_s),
                    until_s=until_s,
                    source=source,
                )

    def _tolerance(self, amount: Amount, relation: str, value: float) -> float:
        given = amount.tolerance if amount.tolerance is not None else self.tolerance
        if given is not None:
            return given
        return max(0.1 * abs(value), 1e-3) if relation == "about" else 0.0


def check_span(name: str, span: Span | None) -> None:
    """A range goes from less to more.

    Raises:
        UserError: it does not.
    """
    if isinstance(span, tuple) and not (span[0] <= span[1] and all(map(math.isfinite, span))):
        raise UserError(f"{name}: the range goes from {span[0]:g} down to {span[1]:g}; write the lesser first")


def changed(behaviour: Behaviour, starts_s: float | None, values: Mapping[str, float]) -> Behaviour:
    """A behaviour with its free numbers set, and begun later."""
    changes: dict[str, Any] = dict(values)
    if starts_s is not None and hasattr(behaviour, "start_s"):
        changes["start_s"] = starts_s
    elif starts_s is not None and hasattr(behaviour, "times_s"):
        first = behaviour.times_s[0]
        changes["times_s"] = tuple(starts_s + t - first for t in behaviour.times_s)
    return dataclasses.replace(behaviour, **changes)
