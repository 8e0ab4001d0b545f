"""The browser page: panels as pure functions of plain data, and the Mesa page around them."""
