"""The Accounts resource: the one account there is."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from local_carrier.carrier import Carrier
from local_carrier.message import API_VERSION, rfc2822

from .access import admit

router = APIRouter(prefix="/2010-04-01/Accounts")


@router.get("/{account_sid}.json")
async def fetch(request: Request, carrier: Annotated[Carrier, Depends(admit)]) -> dict[str, Any]:
    """Show the account, as a client does that wants to know whether its credentials work."""
    sid = carrier.settings.account_sid
    uri = f"/{API_VERSION}/Accounts/{sid}"
    began = rfc2822(request.app.state.began)
    return {
        "auth_token": "[Redacted]",  # Twilio sends it; an answer that can end in a log need not
        "date_created": began,
        "date_updated": began,
        "friendly_name": "local carrier",
        "owner_account_sid": sid,
        "sid": sid,
        "status": "active",
        "subresource_uris": {
            "calls": f"{uri}/Calls.json",
            "incoming_phone_numbers": f"{uri}/IncomingPhoneNumbers.json",
            "messages": f"{uri}/Messages.json",
        },
        "type": "Full",
        "uri": f"{uri}.json",
    }
