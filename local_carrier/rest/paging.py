"""Twilio's pages: a page token names the last row seen, so rows that arrive meanwhile shift nothing."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams

from local_carrier.refusals import RefusedError

USUAL_PAGE, LARGEST_PAGE = 50, 1000
TOKEN_PREFIX = "PA"  # noqa: S105 (it names a page and opens nothing)


def page_of[Row](
    rows: Iterable[Row],
    query: QueryParams,
    path: str,
    *,
    key: str,
    sid: Callable[[Row], str],
    show: Callable[[Row], dict[str, Any]],
) -> dict[str, Any]:
    """Cut one page from rows and dress it the way Twilio does."""
    size = min(max(_number(query, "PageSize", USUAL_PAGE), 1), LARGEST_PAGE)
    page = _number(query, "Page", 0)
    token = query.get("PageToken", "")
    rest = _after(rows, token.removeprefix(TOKEN_PREFIX), sid) if token else islice(rows, page * size, None)
    shown = list(islice(rest, size + 1))
    more, shown = len(shown) > size, shown[:size]

    def uri(number: int, last: str = "") -> str:
        kept = [(k, v) for k, v in query.multi_items() if k not in ("Page", "PageSize", "PageToken")]
        ends = [("PageSize", str(size)), ("Page", str(number))] + ([("PageToken", TOKEN_PREFIX + last)] if last else [])
        return f"{path}?{urlencode(kept + ends, quote_via=quote)}"

    start = page * size
    return {
        "end": start + max(len(shown) - 1, 0),
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1, sid(shown[-1])) if more else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": uri(page - 1) if page else None,
        "start": start,
        "uri": uri(page),
        key: [show(row) for row in shown],
    }


def _after[Row](rows: Iterable[Row], last: str, sid: Callable[[Row], str]) -> Iterable[Row]:
    walking = iter(rows)
    for row in walking:
        if sid(row) == last:
            return walking
    raise RefusedError(20001, "Invalid PageToken")


def _number(query: QueryParams, name: str, usual: int) -> int:
    value = query.get(name, "")
    return int(value) if value.isdecimal() else usual
