"""The content that comes with the portal: nothing of the sources is lost, and nothing broken is loaded."""
