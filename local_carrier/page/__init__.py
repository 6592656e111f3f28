"""The phone page: be the customer by hand."""
