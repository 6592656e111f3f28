"""Whether an address can be called at all."""

from urllib.parse import urlsplit


def callable_url(url: str) -> bool:
    """Tell whether this is an address of http or https with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False  # a broken bracket, or a port that is none
