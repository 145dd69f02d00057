"""What a search leaves behind: its settings, and one line of JSON per evaluation, so that it can go on later."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from simgen.errors import UserError
from simgen.stress.trial import Judge, Verdict

SETTINGS: Final = "search.json"
TRIALS: Final = "trials.jsonl"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that decides which scenes are tried, but for how many."""

    scene: str
    #: the scene file's text, with what identifies the files that it includes
    text: str
    model: str
    seed: int
    timeout_s: float
    judge: Judge


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One evaluation."""

    index: int
    #: why this point was looked at
    phase: str
    #: by path of the draw
    values: Mapping[str, Any]
    #: of the scene
    seed: int
    #: nan = no scene could be made, or there was nothing to find in it
    score: float
    failed: bool
    #: what the model did that it must not
    fault: str = ""
    #: why no scene could be made
    error: str = ""
    seconds: float = 0.0
    scores: Mapping[str, float] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, verdict: Verdict, **known: Any) -> Trial:
        """An evaluation that came to a verdict."""
        return cls(
            score=verdict.score,
            failed=verdict.failed,
            fault=verdict.fault,
            scores=verdict.scores,
            details=verdict.details,
            **known,
        )


class Store:
    """A search's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, settings: Settings, *, resume: bool) -> list[Trial]:
        """Make the folder ready; the evaluations that are there already, when a search is resumed.

        Raises:
            UserError: there is a search already, or another one than the one that is to be resumed.
        """
        path = self.folder / SETTINGS
        if path.exists() and not resume:
            raise UserError(f"{self.folder} holds a search already: --resume goes on with it, or choose another -o")
        if not path.exists() and self.folder.is_dir() and any(self.folder.iterdir()):
            raise UserError(f"{self.folder} is not empty: choose another -o")
        if path.exists():
            self._check(settings)
            return self.trials()
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(settings), indent=1) + "\n", encoding="utf-8")
        return []

    def settings(self) -> Settings:
        """The settings of the search.

        Raises:
            UserError: there is no search.
        """
        path = self.folder / SETTINGS
        if not path.exists():
            raise UserError(f"{self.folder} holds no search: there is no {SETTINGS} in it")
        told = json.loads(path.read_text(encoding="utf-8"))
        return Settings(**{**told, "judge": judge_of(told["judge"])})

    def _check(self, settings: Settings) -> None:
        before = self.settings()
        for key in ("scene", "text", "model", "seed", "timeout_s", "judge"):
            if getattr(before, key) != getattr(settings, key) and key != "scene":
                what = "the scene file" if key == "text" else "how scenes are scored" if key == "judge" else key
                raise UserError(f"{self.folder} cannot be resumed: {what} is not what it was; choose another -o")

    def trials(self) -> list[Trial]:
        """The evaluations that are there; a last line that was cut off is left out."""
        path = self.folder / TRIALS
        lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
        found = []
        for line in lines[:-1]:
            told = json.loads(line)
            told["score"] = math.nan if told["score"] is None else told["score"]
            found.append(Trial(**told))
        if lines and lines[-1]:
            path.write_text("".join(f"{line}\n" for line in lines[:-1]), encoding="utf-8")
        return found

    def add(self, trial: Trial) -> None:
        """One more evaluation; it is on the disk when this returns."""
        with (self.folder / TRIALS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(finite(asdict(trial)), separators=(",", ":")) + "\n")


def judge_of(told: Mapping[str, Any]) -> Judge:
    """How scenes are scored, from JSON."""
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    return Judge(**plain)


def finite(value: Any) -> Any:
    """Plain values with null for what JSON has no number for."""
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
