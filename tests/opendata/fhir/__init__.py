"""The parts of FHIR that any server has."""
