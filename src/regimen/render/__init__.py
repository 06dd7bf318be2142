"""How does a reader want a calendar: as words, a table, a file for another program, or a figure?"""
