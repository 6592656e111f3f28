"""Who may use the control API and the phone page: this machine, and no other site in its browser."""

from ipaddress import ip_address

from fastapi import HTTPException, Request

from local_carrier.carrier import Carrier

OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
OWN_SITES = frozenset({"same-origin", "none"})


async def local(request: Request) -> Carrier:
    """Let only this machine in; a name that was bound to it later, or another site's script, stays outside."""
    host = request.client.host if request.client else ""
    if not host or not ip_address(host).is_loopback:
        raise HTTPException(403, "control is for this machine only")
    if request.url.hostname not in OWN_NAMES:
        raise HTTPException(403, "unknown host name")
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITES:
        raise HTTPException(403, "another site may not control the carrier")
    carrier: Carrier = request.app.state.carrier
    return carrier
