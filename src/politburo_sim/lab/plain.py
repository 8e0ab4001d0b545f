"""Results as strict JSON, for other programs."""

from __future__ import annotations

import json
import math
from typing import Any


def as_json(said: Any) -> str:
    """One line of JSON; a number that is not finite, which JSON cannot say, is null."""
    return json.dumps(_finite(said), ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
