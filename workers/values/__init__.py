"""Texts and cells of managers' files → exact values: amounts, dates, months, shares, words.

Every converter takes one cell and returns the value, None for an empty cell, or a Fault that says in Polish
why the cell cannot be read (or, as a warning, what was changed). Nothing here knows files, columns or Django.
"""
