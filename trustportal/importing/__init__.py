"""Tables that people upload: CSV files and Excel workbooks, read cell by cell, and a workbook to fill in."""
