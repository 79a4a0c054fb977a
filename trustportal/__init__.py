"""The parts of the portal that know how: publishing, design, accounts, feedback; and the website that joins them."""
