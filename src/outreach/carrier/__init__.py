"""Carriers: how texts leave and come back. A provider's words stop here.

`port` what the core sends, hears and learns · `failures` what an error code means · `numbers` reads phone numbers ·
`signature` checks a callback's seal · `twiml` answers a callback · `twilio` sends and asks, over `connections`;
`callbacks` reads what Twilio tells · `memory` the carrier of tests.
"""
