"""What a process of ntklab's own need not import."""

from __future__ import annotations

import sys


def without_address_grammar() -> None:
    """Spare this process a grammar of internationalised web addresses.

    jsonschema, which nbformat needs, builds one when it is imported: a second of work, for a check that notebooks do
    not use.
    """
    if "jsonschema" not in sys.modules:
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
