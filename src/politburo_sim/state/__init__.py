"""What there is: the body, its work space and journal, parameters and draws."""
