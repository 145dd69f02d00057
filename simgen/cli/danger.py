"""How dangerous a dataset is, and what became of its sensors, in a line each."""

from __future__ import annotations

from typing import Any, Final

from simgen.cli.wording import counted

#: shares above which a sensor's data are worth a word: turning lidars lose a sixth to the sky as cars pass
_TOLD: Final = {"missing": 0.3, "covered": 0.05, "clipped": 0.05}
_SAID: Final = {"missing": "of the data missing", "covered": "behind dirty glass", "clipped": "washed out"}


def danger_line(sequences: list[dict[str, Any]]) -> str:
    """``time to collision 1.2 s (child, sequence 3 at 2.35 s), distance 0.4 m (...), 2 collisions at up to 3 m/s``."""
    measured = [s for s in sequences if s["danger"]]
    if not measured:
        return "not measured"
    parts = [
        _least(measured, "time_to_collision_s", "time to collision", "s"),
        _least(measured, "distance_m", "distance", "m"),
    ]
    number = sum(s["danger"]["collisions"] for s in measured)
    if number:
        fastest = max(s["danger"].get("contact_speed_m_s", 0.0) for s in measured)
        parts.append(f"{counted(number, 'contact')} at up to {fastest:.2g} m/s")
    else:
        parts.append("no contacts")
    return ", ".join(filter(None, parts))


def health_line(sequences: list[dict[str, Any]]) -> str:
    """``top: 12 frames dropped, up to 40 % of the data missing``; ``sound`` where there is nothing to tell."""
    rows: dict[str, list[dict[str, float]]] = {}
    for sequence in sequences:
        for name, health in sequence["health"].items():
            rows.setdefault(name, []).append(health)
    if not rows:
        return "not measured"
    told = [f"{name}: {', '.join(words)}" for name, found in rows.items() if (words := _words(found))]
    return "; ".join(told) or "sound"


def _least(measured: list[dict[str, Any]], key: str, name: str, unit: str) -> str:
    """The smallest over all sequences."""
    found = [(s["danger"][key]["value"], s["index"], s["danger"][key]) for s in measured if key in s["danger"]]
    if not found:
        return ""
    value, index, row = min(found, key=lambda item: item[:2])
    where = f"sequence {index} at {row['at_s']:.2f} s" if len(measured) > 1 else f"at {row['at_s']:.2f} s"
    return f"{name} {value:.3g} {unit} ({row['actor']}, {where})"


def _words(rows: list[dict[str, float]]) -> list[str]:
    words = [
        f"{counted(int(n), 'frame')} {what}" for what in ("dropped", "frozen") if (n := sum(r[what] for r in rows))
    ]
    for what, least in _TOLD.items():
        worst = max((r[what] for r in rows if r[what] == r[what]), default=0.0)
        if worst > least:
            words.append(f"up to {worst:.0%} {_SAID[what]}")
    return words
