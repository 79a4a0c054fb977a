"""Maps as drawings: projection, outlines, labels, groups of markers, distances. Knows nothing of what it draws."""
