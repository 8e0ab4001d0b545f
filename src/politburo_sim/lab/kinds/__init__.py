"""The kinds of experiment, one module each: what a file says (`KIND`), and how it is run.

Another kind is one more module here. Where it draws anything of its own, that is a module of the
same name in `report.kinds`.
"""
