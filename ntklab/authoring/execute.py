"""Run a source notebook from top to bottom: the solution notebook with its figures, and the expected pictures."""

from __future__ import annotations

import base64
import copy
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from ntklab.authoring.errors import AuthoringError
from ntklab.authoring.source import PICTURE, role

TIMEOUT = 600  # seconds for one cell
_WIDGET = "application/vnd.jupyter.widget-view+json"


def executed(source: Any, folder: Path, timeout: float = TIMEOUT) -> Any:
    """The source notebook with the outputs of a run in ``folder``.

    Raises:
        AuthoringError: a cell raises, writes to stderr, or prints a path of this machine.
    """
    from jupyter_client.kernelspec import NoSuchKernel
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = copy.deepcopy(source)
    running = "?"

    def begins(cell: Any, cell_index: int) -> None:
        nonlocal running
        running = f"cell {cell.id!r}"

    with tempfile.TemporaryDirectory(prefix="ntk") as private:
        # Sockets in a folder of our own instead of ports open to the machine; Windows has only ports.
        address = {} if os.name == "nt" else {"transport": "ipc", "ip": f"{private}/k"}
        client = NotebookClient(
            notebook,
            km=AsyncKernelManager(kernel_name="python3", **address),
            timeout=timeout,
            store_widget_state=False,  # a widget lives as long as its kernel: the picture beside it stays
            record_timing=False,
            on_cell_execute=begins,
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            client.execute(cleanup_kc=True)
        except CellExecutionError as error:
            raise AuthoringError(f"{running} raises {error.ename}: {error.evalue}") from None
        except (CellTimeoutError, DeadKernelError) as error:
            raise AuthoringError(f"{running} did not finish: {str(error).splitlines()[0]}") from None
        except (NoSuchKernel, RuntimeError) as error:  # nbclient's way to say that the kernel did not answer
            raise AuthoringError(f"the kernel python3 does not start ({error}): run ntklab doctor") from None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [_clean(output) for output in cell.outputs]
            _presentable(cell, folder)
    return notebook


def _clean(output: Any) -> Any:
    """The output without a widget that died with its kernel, where something else shows the same."""
    data = output.get("data")
    if data and _WIDGET in data and len(data) > 1:
        del data[_WIDGET]
    return output


def _presentable(cell: Any, folder: Path) -> None:
    private = {str(folder.resolve()), str(Path.home()), sys.prefix}
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            first = output.text.strip().splitlines()[0]
            raise AuthoringError(f"cell {cell.id!r} writes to stderr: {first}")
        said = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        for path in private:
            if len(path) > 1 and path in said:
                raise AuthoringError(f"cell {cell.id!r} prints a path of this machine: {path}")


def pictures(notebook: Any) -> dict[str, bytes]:
    """File name -> PNG of the first figure of each cell that draws an expected picture.

    A cell called NAME draws ``NAME.png`` (or what its option ``picture`` says) where a text cell shows that file.

    Raises:
        AuthoringError: a text shows a picture that no cell draws, or the cell draws nothing.
    """
    wanted = [
        Path(match["file"].removeprefix("attachment:")).name
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for match in PICTURE.finditer(cell.source.replace("(attachment:", "("))
    ]
    drawn = {}
    for cell in notebook.cells:
        about = cell.metadata.get("ntklab", {})
        file = about.get("picture") or f"{about.get('name')}.png"
        if role(cell) in ("figure", "gpu", "demo") and file in wanted:
            png = [output.data["image/png"] for output in cell.outputs if "image/png" in output.get("data", {})]
            if not png:
                raise AuthoringError(f"cell {cell.id!r} draws no figure, but a text expects {file} from it")
            drawn[file] = base64.b64decode(png[0])
    missing = [file for file in wanted if file not in drawn]
    if missing:
        raise AuthoringError(f'no cell draws {missing[0]}: name one so (role="figure" name="{Path(missing[0]).stem}")')
    return drawn
