"""Everything held about a patient, to take along: as one JSON document, or as tables in a zip."""
