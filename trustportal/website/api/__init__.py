"""The interface for programs: all datasets of the portal, with the ways in which their lists can be narrowed."""
