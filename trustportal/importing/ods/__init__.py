"""The downloads of the NHS Organisation Data Service (ODS): what each line of them states. Knows files alone."""
