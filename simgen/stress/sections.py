"""The sections of the report's page."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen import __version__
from simgen.records.base import F8, U1, Bool
from simgen.scenario import Dimension
from simgen.stress.keep import Worst
from simgen.stress.page import STYLE, percent, section, table
from simgen.stress.plots import bars, scatter
from simgen.stress.scores import DISTANCES, FRACTIONS
from simgen.stress.store import Settings, Trial
from simgen.stress.words import Region, short

#: parameters that no region depends on and that are drawn all the same
_PLOTS: Final = 12
_PICTURE_PX: Final = 640
_PHASES: Final = {
    "explore": "fill the space",
    "learn": "look where scores are likely to be low",
    "delimit": "find how far a failure reaches",
    "sharpen": "check and sharpen the region's edges",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """What a search saw, as the page shows it; rows are the scenes that could be made."""

    dimensions: tuple[Dimension, ...]
    trials: tuple[Trial, ...]
    points: F8
    scores: F8
    failed: Bool
    regions: Sequence[Region]

    @property
    def failures(self) -> int:
        """How many scenes failed."""
        return int(self.failed.sum())


def page(seen: Seen, settings: Settings, worst: Sequence[Worst], folder: Path) -> str:
    """The whole page."""
    name = escape(f"{settings.model} in {Path(settings.scene).name}")
    summary = _summary(seen, settings)
    body = [
        f"<header><p>simgen stress</p><h1>{escape(settings.model)}</h1><p>{summary}</p></header>",
        _regions(seen),
        _parameters(seen, settings),
        _recall(seen),
        _worst(worst),
        _faults(seen.trials),
        _effort(seen),
        _again(settings, folder),
    ]
    head = f'<meta charset="utf-8"><title>{name}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(body)}</body></html>\n'


def _summary(seen: Seen, settings: Settings) -> str:
    judge = settings.judge
    where = f"scenes drawn from <b>{escape(Path(settings.scene).name)}</b>"
    return f"{seen.failures} of {len(seen.trials)} {where} fail: {escape(judge.metric)} below {judge.fail_below:g}."


def _regions(seen: Seen) -> str:
    if not seen.failures:
        text = f"None of {len(seen.trials)} scenes fails. "
        bound = 1.0 - 0.05 ** (1.0 / max(len(seen.trials), 1))
        text += (
            f"Had they been drawn evenly, this would leave room for a region of up to {percent(bound)} of the space."
        )
        return section("Where it fails", f"<p>{text}</p>")
    if not seen.regions:
        return section("Where it fails", "<p>Too few scenes fail to say where: they are listed below.</p>")
    parts = []
    for number, region in enumerate(seen.regions, 1):
        low, high = region.rate
        conditions = "".join(f"<li>{escape(c)}</li>" for c in region.conditions) or f"<li>{escape(region.text)}</li>"
        said = (
            f"{percent(region.share)} of the parameter space. Inside, {region.failed_inside} of {region.inside} scenes "
            f"fail (a rate of {percent(low)} to {percent(high)}, at 95 %); outside, "
            f"{region.failed_outside} of {region.outside}."
        )
        name = f"<h3>Region {number}</h3>" if len(seen.regions) > 1 else ""
        parts.append(f'<div class="region">{name}<ul>{conditions}</ul><p>{said}</p></div>')
    return section("Where it fails", "".join(parts))


def _parameters(seen: Seen, settings: Settings) -> str:
    matters = sorted({axis for region in seen.regions for axis in region.box.matters})
    others = [axis for axis in range(len(seen.dimensions)) if axis not in matters]
    boxes = [region.box for region in seen.regions]

    def figure(axis: int) -> str:
        dimension = seen.dimensions[axis]
        svg = scatter(dimension, seen.points[:, axis], seen.scores, seen.failed, boxes, axis, settings.judge.fail_below)
        return f"<figure><figcaption>{escape(short(dimension.path))}</figcaption>{svg}</figure>"

    note = "<p>One dot a scene, red where it fails; the axis is even in probability, regions of failure are shaded.</p>"
    content = note + f'<div class="plots">{"".join(map(figure, matters))}</div>'
    if others:
        said = "Parameters that do not matter, as far as was seen" if matters else "Every parameter"
        plots = "".join(map(figure, others[:_PLOTS]))
        content += (
            f'<details{"" if matters else " open"}><summary>{said}</summary><div class="plots">{plots}</div></details>'
        )
    return section("Score by parameter", content)


def _recall(seen: Seen) -> str:
    figures = []
    for key, edges, unit, name in (
        ("by_distance", DISTANCES, " m", "Recall by distance"),
        ("by_visible", FRACTIONS, "", "Recall by visible fraction"),
    ):
        rows = [trial.details[key] for trial in seen.trials if key in trial.details]
        total = np.array(rows, np.int64).sum(axis=0) if rows else np.zeros((len(edges) - 1, 2), np.int64)
        if total.sum():
            labels = [f"{a:g}–{b:g}" if math.isfinite(b) else f"{a:g}+" for a, b in pairwise(edges)]
            svg = bars([(int(h), int(n)) for h, n in total], labels, name)
            figures.append(
                f"<figure><figcaption>{name}{f' ({unit.strip()})' if unit else ''}</figcaption>{svg}</figure>"
            )
    note = "<p>Over all scenes looked at, which crowd where the function fails; below each bar, how many objects.</p>"
    return section("What is found", note + f'<div class="plots">{"".join(figures)}</div>') if figures else ""


def _worst(worst: Sequence[Worst]) -> str:
    if not worst:
        return ""
    rows = []
    for entry in worst:
        trial, same = entry.trial, entry.again.score == entry.trial.score
        said = escape(trial.fault) if trial.fault else _missed(trial)
        values = "".join(
            f"<dt>{escape(short(path))}</dt><dd>{escape(_shown(value))}</dd>" for path, value in trial.values.items()
        )
        again = "made again: same score" if same else f"made again: {entry.again.score:.3f}"
        rows.append(
            f'<article>{_picture(entry.picture)}<div><h3><a href="{entry.file}">{entry.file}</a> '
            f"<b>{trial.score:.2f}</b></h3><p>{said} <small>({again})</small></p><dl>{values}</dl></div></article>"
        )
    legend = (
        '<p class="legend"><i class="missed"></i>missed <i class="found"></i>found '
        '<i class="wrong"></i>detection <i class="unasked"></i>hardly in view, not asked for</p>'
    )
    return section(f"The worst {len(worst)}", legend + "".join(rows))


def _missed(trial: Trial) -> str:
    rows = sorted(trial.details.get("objects", ()), key=lambda row: float(row["recall"]))
    if not rows:
        return ", ".join(f"{escape(k)}: IoU {v:.2f}" for k, v in trial.details.get("ious", {}).items() if v is not None)
    row = rows[0]
    name, found = row["name"] or f"instance {row['instance']}", round(row["recall"] * row["frames"])
    where = f"{escape(name)}, {row['distance_m']:.1f} m from {escape(row['sensor'])}"
    return f"{where}: found in {found} of {row['frames']} frames"


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _picture(picture: U1 | None) -> str:
    if picture is None:
        return "<div></div>"
    import cv2

    height, width = picture.shape[:2]
    size = (min(width, _PICTURE_PX), round(height * min(width, _PICTURE_PX) / width))
    shown = cv2.resize(np.ascontiguousarray(picture[..., ::-1]), size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(data.tobytes()).decode()}">'


def _faults(trials: Sequence[Trial]) -> str:
    kinds: dict[str, list[int]] = {}
    for trial in trials:
        if trial.fault:
            kinds.setdefault(trial.fault.partition(": ")[2], []).append(trial.index)
    if not kinds:
        return ""
    rows = [(escape(kind), str(len(numbers)), str(numbers[0])) for kind, numbers in kinds.items()]
    note = (
        "<p>In these scenes the function raised, hung, died or returned nonsense; each counts as the worst score.</p>"
    )
    return section("Faults of the function", note + table(("what it did", "scenes", "first in trial"), rows))


def _effort(seen: Seen) -> str:
    rows = []
    for phase, words in _PHASES.items():
        of = [trial for trial in seen.trials if trial.phase == phase]
        if of:
            rows.append((words, str(len(of)), str(sum(trial.failed for trial in of))))
    content = table(("to", "scenes", "that fail"), rows)
    unmade = sum(bool(trial.error) for trial in seen.trials)
    if unmade:
        content += f"<p>{unmade} scenes could not be made with the values drawn, and count as neither.</p>"
    first = next((trial.index + 1 for trial in seen.trials if trial.failed), None)
    if first is not None and seen.regions:
        share = max(sum(region.share for region in seen.regions), 1e-9)
        content += (
            f"<p>The first failure was scene {first}. Drawn at random, one scene in {1.0 / share:,.0f} would lie in "
            f"what is described above: {len(seen.trials)} scenes would hold {len(seen.trials) * share:.1f} of its "
            f"failures on average, against {seen.failures} here.</p>"
        )
    seconds = sum(trial.seconds for trial in seen.trials)
    return section("What it took", content + f"<p>{seconds:,.0f} s, the function included.</p>")


def _again(settings: Settings, folder: Path) -> str:
    place = escape(str(folder))
    commands = [
        f"simgen stress --rerun {place} --model {escape(settings.model)}   # exit code 1 while any of them fails",
        f"simgen preview {place}/worst/01.yaml -o worst.png",
        f"simgen generate {place}/worst/*.yaml -o worst.h5",
    ]
    return section("Again", f"<pre>{chr(10).join(commands)}</pre><p>simgen {__version__}, seed {settings.seed}.</p>")
