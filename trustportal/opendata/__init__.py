"""The portal's data for others: how it is written in the formats that they read."""
