"""Papers: PDFs made by typst from templates beside this module. What people typed goes in as data only."""
