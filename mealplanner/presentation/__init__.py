"""How values are shown: dates, amounts and names in words, charts as numbers, and the drawing of each dish.

Pure; the templates' filters are in `web/filters.py`.
"""
