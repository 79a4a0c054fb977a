"""How Open Referral UK 3.0 is answered: parameters, pages of lists, ids, errors. What is said is none of its business.

Source: openreferraluk.org, HSDS-UK 3.0, specification and compliance page. Empty fields are left out, since null fails.
"""

BASE = "/open-referral"  # what all addresses of the feed begin with
