"""Charts: what a series of figures says, and how it is drawn."""
