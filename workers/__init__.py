"""What runs behind the pages: files become rows (formats, datasets, reader), rows become figures (tasks).

Nothing is imported here: the reading child starts from this package and must stay small and free of Django.
"""
