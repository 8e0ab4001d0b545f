"""Months as files write them, as numbers from a start, and in words.

A start is "1922-04" or (1922, 4); a month is said as "1923-04", which sorts as time does.
"""

from __future__ import annotations

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
Start = str | tuple[int, int]


def year_and_month(month: Start) -> tuple[int, int]:
    """Return a month as two numbers.

    Examples
    --------
    >>> year_and_month("1922-04")
    (1922, 4)
    """
    if not isinstance(month, str):
        return month
    year, _, number = month.partition("-")
    return int(year), int(number)


def month_index(start: Start, month: Start) -> int:
    """Return how many months after the start a month is.

    Examples
    --------
    >>> month_index("1922-04", "1923-04")
    12
    """
    (year, number), (later, other) = year_and_month(start), year_and_month(month)
    return (later - year) * 12 + other - number


def _after(start: Start, index: int) -> tuple[int, int]:
    year, number = year_and_month(start)
    years, month = divmod(number - 1 + int(index), 12)
    return year + years, month + 1


def month_key(start: Start, index: int) -> str:
    """Return the month so many months after the start, as files write it.

    Examples
    --------
    >>> month_key("1922-04", 12)
    '1923-04'
    """
    return "{}-{:02d}".format(*_after(start, index))


def month_name(start: Start, index: int) -> str:
    """Return the month so many months after the start, in words.

    Examples
    --------
    >>> month_name((1922, 4), 12)
    'April 1923'
    """
    year, month = _after(start, index)
    return f"{MONTHS[month - 1]} {year}"


def months_between(first: str, last: str, step: int = 1) -> list[str]:
    """Return the months from the first to the last, so many apart.

    Examples
    --------
    >>> months_between("1922-07", "1923-03", 3)
    ['1922-07', '1922-10', '1923-01']
    """
    return [month_key(first, index) for index in range(0, month_index(first, last) + 1, step)]


def as_year(month: str) -> float:
    """Return a month on the scale of years.

    Examples
    --------
    >>> as_year("1922-07")
    1922.5
    """
    year, number = year_and_month(month)
    return year + (number - 1) / 12


def year_end(start: Start, year: int) -> int:
    """Return the month after the December of a year, counted from the start.

    Examples
    --------
    >>> year_end("1922-04", 1922)
    9
    """
    return month_index(start, (year + 1, 1))
