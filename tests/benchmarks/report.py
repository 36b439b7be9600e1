"""The table, the JSON file, the figures, and the numbers in the documentation."""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .measure import Row


def machine() -> dict[str, Any]:
    """What the numbers were taken on."""
    import numpy
    import torch

    return {
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "load": round(os.getloadavg()[0], 1),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def number(row: Row) -> str:
    if math.isnan(row.value):
        return ""
    digits = f"{row.value:.2f}" if 0.1 <= row.value < 100 else f"{row.value:.3g}"
    return f"{digits} {row.unit}".rstrip()


def verdict(row: Row, judged: bool) -> str:
    if row.met is None or math.isnan(row.value):
        return ""
    if row.only_full and not judged:
        return "not judged"  # a small size is not what the target is for
    return "met" if row.met else "MISSED"


def lines(title: str, rows: list[Row], judged: bool) -> list[str]:
    """One job of the printed table."""
    out = [title]
    for row in rows:
        spread = f"[{row.quartiles[0]:.2f}, {row.quartiles[1]:.2f}]" if row.quartiles else ""
        context = ", ".join(f"{name} {value}" for name, value in row.context.items())
        out.append(
            f"  {row.what:<62} {number(row):>10} {spread:<14} {row.target:<10} {verdict(row, judged):<10} {context}"
        )
    return [line.rstrip() for line in out]


def save(path: Path, entries: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Write the jobs of this run over those of earlier runs; return all."""
    known = json.loads(path.read_text())["jobs"] if path.exists() else {}
    known.update({name: {**entry, "rows": [_plain(row) for row in entry["rows"]]} for name, entry in entries.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"jobs": known}, indent=1, ensure_ascii=False) + "\n")
    return known


def _plain(row: Row) -> dict[str, Any]:
    plain = {**asdict(row), "target": row.target, "met": None if row.met is None else bool(row.met)}
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in plain.items()}


def row_of(plain: dict[str, Any]) -> Row:
    """A row as :func:`save` wrote it."""
    fields = {name: value for name, value in plain.items() if name not in ("target", "met")}
    fields["value"] = float("nan") if fields["value"] is None else fields["value"]
    return Row(**fields)


def draw_ratios(jobs: dict[str, dict[str, Any]], path: Path) -> None:
    """Every row with a target: how much of what the target allows it takes. Left of the line is better."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from ntklab.plots.style import COLOURS, styled

    rows = [(name, row_of(plain)) for name, job in jobs.items() for plain in job["rows"]]
    rows = [(name, row) for name, row in rows if row.share is not None and row.unit != "" and row.value > 0]
    with styled(), mpl.rc_context({"figure.figsize": (10.5, 0.9 + 0.27 * len(rows))}):
        figure = Figure(layout="constrained")
        axes = figure.subplots()
        for y, (_, row) in enumerate(reversed(rows)):
            met = bool(row.met)
            share = float(row.share or 0)
            axes.plot([1, share], [y, y], color="0.75", lw=1, zorder=1)
            axes.plot(share, y, "o" if met else "s", color=COLOURS[0 if met else 1], ms=6)
            label = f" {number(row)} ({row.target}) "
            axes.annotate(label, (share, y), fontsize=8, va="center", ha="right" if share <= 1 else "left")
        axes.axvline(1, color="0.25", lw=1)
        axes.set_xscale("log")
        low, high = min(float(r.share or 1) for _, r in rows), max(float(r.share or 1) for _, r in rows)
        axes.set_xlim(min(low, 0.5) / 20, max(high, 1.2) * (20 if high > 1 else 1.2))
        axes.set_yticks(range(len(rows)), [f"{name} · {row.what}" for name, row in reversed(rows)], fontsize=8)
        axes.set_xlabel(
            "measured / target, or target / measured where more is better\n(dots meet it, squares miss it)", fontsize=9
        )
        figure.savefig(path)


def draw_scaling(jobs: dict[str, dict[str, Any]], path: Path) -> None:
    """Time (left) and memory (right) by size, with the fitted power laws."""
    import numpy as np
    from matplotlib.figure import Figure

    from ntklab.plots.style import COLOURS, LINES, MARKERS, styled

    rows = [row_of(plain) for job in jobs.values() for plain in job["rows"] if plain["points"]]
    with styled():
        figure = Figure(layout="constrained")
        for axes, what, unit, factor in zip(
            figure.subplots(1, 2),
            ("time", "memory"),
            ("time (s)", "memory beyond the inputs (MB)"),
            (1, 1e-6),
            strict=True,
        ):
            for k, row in enumerate(row for row in rows if f"exponent of {what}" in row.what):
                x, y = np.array(row.points).T
                a = np.exp(np.mean(np.log(y) - row.value * np.log(x)))
                axes.plot(x, factor * a * x**row.value, color=COLOURS[k], ls=LINES[k], lw=1)
                label = f"{row.what.split(':')[0]}: exponent {row.value:.2f}"
                axes.plot(x, factor * y, MARKERS[k], color=COLOURS[k], label=label)
            axes.set(xscale="log", yscale="log", xlabel="inputs, networks or submissions", ylabel=unit)
            if axes.lines:
                axes.legend()
        figure.savefig(path)


def publish(jobs: dict[str, dict[str, Any]], out: Path, docs: Path) -> None:
    """Put the measured table and the figures into the documentation."""
    page = docs / "performance.md"
    text = page.read_text(encoding="utf-8")
    begin, end = "<!-- measured: begin -->", "<!-- measured: end -->"
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    page.write_text(f"{before}{begin}\n{markdown(jobs)}{end}{after}", encoding="utf-8")
    for name in ("performance-ratios.png", "performance-scaling.png"):
        if (out / name).exists():
            shutil.copy(out / name, docs / "figures" / name)


def markdown(jobs: dict[str, dict[str, Any]]) -> str:
    """The table of the documentation."""
    loads: dict[str, set[float]] = {}
    for job in jobs.values():
        machine = job["machine"]
        name = f"{machine['processor']}, {machine['cores']} cores, torch {machine['versions']['torch']}"
        loads.setdefault(name, set()).add(machine["load"])
    machines = (
        f"{name} (load at the start of each run: {', '.join(f'{load:.1f}' for load in sorted(loads[name]))})"
        for name in sorted(loads)
    )
    out = [f"Measured on: {'; '.join(machines)}.", ""]
    out += ["![Every job's measured number as a share of its target](figures/performance-ratios.png)", ""]
    out += ["![Time and memory by size, with fitted power laws](figures/performance-scaling.png)", ""]
    out += ["| job | | measured | quartiles | target | | times |", "|---|---|---|---|---|---|---|"]
    for job in jobs.values():
        for plain in job["rows"]:
            row = row_of(plain)
            spread = f"{row.quartiles[0]:.2f}–{row.quartiles[1]:.2f}" if row.quartiles else ""
            context = "; ".join(f"{name}: {value}" for name, value in row.context.items())
            cells = (
                job["title"],
                row.what,
                number(row),
                spread,
                row.target,
                verdict(row, job["size"] != "quick"),
                context,
            )
            out.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*out, ""])
