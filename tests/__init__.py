"""The rules of the portal, as tests. The tree mirrors the code."""
