"""Time axes, lanes, pictures and calendar files."""
