"""What stands in a world file, one value each: words, names, months, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from politburo_sim.files.explain import refused

LONGEST_NAME = 80
LONGEST_TEXT = 2000


def _printable(longest: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        text = unicodedata.normalize("NFC", text)
        if not text.strip() or text != text.strip():
            raise refused("empty, or with blanks around it", "a word or words")
        if not text.replace("\n", " ").isprintable():
            raise refused("has characters that cannot be printed", "plain text")
        if len(text) > longest:
            raise refused("too long", f"at most {longest} characters")
        return text

    return check


def _one_line(text: str) -> str:
    if "\n" in text:
        raise refused("has a line break", "one line")
    return text


def _is_word(text: str) -> str:
    if not re.fullmatch(r"\w[\w.-]*", text):
        raise refused("not a word", "letters, digits, '-', '_' and '.', such as 'lenin-dies'")
    return text


def _is_month(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or text.startswith("0000"):
        raise refused("no such month", 'a year and a month, such as "1923-04"')
    return text


def _is_date(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", text):
        raise refused("no such date", 'a date such as "1923", "1923-04" or "1923-04-17"')
    if not _in_calendar(text):
        raise refused("no such date", "a day that this month has")
    return text


def _in_calendar(text: str) -> bool:
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


Text = Annotated[str, AfterValidator(_printable(LONGEST_TEXT))]
Name = Annotated[str, AfterValidator(_printable(LONGEST_NAME)), AfterValidator(_one_line)]
#: The name of a world, or the path of its file.
Place = Annotated[str, AfterValidator(_printable(LONGEST_TEXT)), AfterValidator(_one_line)]
Word = Annotated[Name, AfterValidator(_is_word)]
Date = Annotated[str, AfterValidator(_is_date)]
Month = Annotated[str, AfterValidator(_is_month)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Table(BaseModel):
    """What a file says in one place; no key that is not listed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
