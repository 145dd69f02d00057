"""Pieces of the report's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;color:#1c1e22;max-width:1020px;margin:2.5rem auto;
padding:0 1.25rem;background:#fff}
h1{font-size:1.7rem;margin:.1rem 0 .4rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2.4rem 0 .6rem}
h3{font-size:1rem;margin:0 0 .3rem;font-weight:600}header p:first-child{color:#5f6670;margin:0}
.region{border-left:4px solid #c62828;padding:.2rem 0 .2rem 1rem;margin:.8rem 0}
.region ul{margin:.2rem 0;padding:0;list-style:none;font-size:1.15rem;font-weight:600}.region p{margin:.3rem 0}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:1rem}
figure{margin:0}figcaption{font-weight:600;font-size:.9rem;overflow-wrap:anywhere}
svg{width:100%}svg text{font-size:11px}
table{border-collapse:collapse;font-size:.92rem}td,th{text-align:left;padding:.25rem 1.4rem .25rem 0;vertical-align:top}
th{color:#5f6670;font-weight:500;border-bottom:1px solid #d9dde2}
article{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:1.2rem;margin:0 0 1.4rem}
article img{width:100%;border-radius:3px}article p{margin:.2rem 0}
dl{display:grid;grid-template-columns:auto 1fr;gap:0 .8rem;font-size:.85rem;margin:.4rem 0}
dt{color:#5f6670;overflow-wrap:anywhere}dd{margin:0}
small,summary{color:#5f6670}summary{cursor:pointer;margin:.8rem 0}
pre{background:#f4f5f7;padding:.8rem 1rem;overflow-x:auto;font-size:.85rem}
.legend i{display:inline-block;width:.8rem;height:.8rem;border:2px solid;margin:0 .3rem 0 1rem;vertical-align:-2px}
.legend .missed{border-color:#d62728;margin-left:0}.legend .found{border-color:#2ca02c}
.legend .wrong{border-color:#ffa500}.legend .unasked{border-color:#969696}
@media(max-width:700px){article{grid-template-columns:1fr}}
"""


def section(title: str, content: str) -> str:
    """A part of the page under a heading."""
    return f"<section><h2>{title}</h2>{content}</section>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; cells are HTML."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def percent(share: float) -> str:
    """A share with two significant digits."""
    if share <= 0.0:
        return "0 %"
    return f"{100.0 * share:.0f} %" if share >= 0.0995 else f"{100.0 * share:.2g} %"
