"""Every Python block of the README and of docs/ runs, in order, in one namespace per page."""

import re
from pathlib import Path

import pytest

from simgen import registry

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_blocks_run(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "scenes").symlink_to(ROOT / "scenes")
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "docs"}
    try:
        for block in BLOCK.findall(page.read_text()):
            exec(compile(block, str(page), "exec"), namespace)
    finally:
        # what a page registers is gone after it
        for known in registry._plugins.values():
            for name in [name for name, cls in known.items() if cls.__module__ == "docs"]:
                del known[name]


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
