"""The page of all figures: self-contained HTML, or Markdown that links to the pictures."""

from __future__ import annotations

import base64
import html
import os
from pathlib import Path
from typing import Any

STYLE = (
    "body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 Georgia,serif;color:#222;background:#fff}"
    "img{max-width:100%}figure{margin:0 0 3rem}figcaption{max-width:46rem}"
    "table{border-collapse:collapse;font-size:.85rem;margin:.6rem 0}td{padding:.1rem 1rem .1rem 0;vertical-align:top}"
    "code{font-size:.9em}.missed{color:#a00;font-weight:bold}"
)
OPENING = (
    "Theory is drawn as lines, kernels as triangles, networks as dots. Under each figure stand the numbers it "
    "promises, as measured when it was drawn, and what they must be. Each is drawn anew, with its numbers as JSON, by "
    "ntklab figure NAME; this page by ntklab figure all."
)


def write_gallery(reports: list[dict[str, Any]], folder: Path, page: Path) -> Path:
    """Write the page of these reports; their pictures lie in ``folder`` as NAME.png.

    Args:
        reports: of :func:`ntklab.experiments.report.report`.
        folder: of the pictures.
        page: ``.html`` (pictures inside) or ``.md`` (pictures linked).
    """
    make = markdown if page.suffix == ".md" else webpage
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(make(reports, folder, page.parent), encoding="utf-8")
    return page


def webpage(reports: list[dict[str, Any]], folder: Path, _: Path) -> str:
    """The page in one file, nothing to fetch."""
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>ntklab: the figures</title>',
        '<meta name="viewport" content="width=device-width">',
        f"<style>{STYLE}</style><h1>The figures</h1><p>{OPENING}</p>",
    ]
    for report in reports:
        picture = base64.b64encode((folder / f"{report['figure']}.png").read_bytes()).decode()
        title, caption = html.escape(report["title"]), html.escape(report["caption"])
        rows = "".join(
            f"<tr{'' if ok else ' class=missed'}><td>{html.escape(name)}<td>{value}<td>{html.escape(target)}</tr>"
            for name, value, target, ok in _rows(report)
        )
        parts.append(
            f'<h2 id="{report["figure"]}">{title}</h2>'
            f'<figure><img alt="{caption}" src="data:image/png;base64,{picture}">'
            f"<figcaption>{caption}</figcaption><table>{rows}</table><p>{html.escape(_made(report))}</p></figure>"
        )
    return "\n".join(parts) + "\n</html>\n"


def markdown(reports: list[dict[str, Any]], folder: Path, beside: Path) -> str:
    """The page as Markdown, for reading in the repository."""
    parts = ["# The figures", OPENING]
    for report in reports:
        picture = Path(os.path.relpath(folder.resolve(), beside.resolve()), f"{report['figure']}.png").as_posix()
        rows = "\n".join(
            f"| {name.replace('|', chr(92) + '|')} | {value} | {target}{'' if ok else ' (missed)'} |"
            for name, value, target, ok in _rows(report)
        )
        parts += [
            f"## {report['title']}",
            f"![{report['title']}]({picture})",
            report["caption"],
            f"| | measured | target |\n| --- | --- | --- |\n{rows}",
            f"`ntklab figure {report['figure']}`",
        ]
    return "\n\n".join(parts) + "\n"


def _rows(report: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    missed = report["missed"]
    return [
        (name, f"{value:.4g}", report["targets"][name], name not in missed)
        for name, value in report["agreement"].items()
    ]


def _made(report: dict[str, Any]) -> str:
    return (
        f"ntklab figure {report['figure']} --size {report['size']} --device {report['device']}: "
        f"{report['seconds']:.0f} s."
    )
