"""FHIR R4, read-only: what every server of it does, whatever its resources say."""
