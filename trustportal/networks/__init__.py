"""Who is tied to whom, as a drawing and as files: layout, grouping, labels. Knows nothing of what the nodes are."""
