"""The record laid on the rules: histories conditioned on it, and what it says of each rule."""
