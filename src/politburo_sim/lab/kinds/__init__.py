"""The kinds of experiment, one module each: what a file says (`KIND`), and how it is run.

Another kind is one more module here, and its own figures in `report.experiments` if it wants any.
"""
