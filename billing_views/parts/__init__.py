"""Components that every page is made of: their context objects here, their markup in `templates/parts/`."""
