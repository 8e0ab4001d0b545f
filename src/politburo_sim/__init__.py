"""When does a ruling body end under one man, and what could have stopped it?"""
