"""Time axes: what happened and what ran, drawn honestly about what is known of a date; and calendar files."""
