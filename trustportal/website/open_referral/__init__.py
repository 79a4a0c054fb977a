"""The Open Referral UK 3.0 feed: what partners and programmes say of themselves, as one set of addresses."""
