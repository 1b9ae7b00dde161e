"""Proving who somebody is: passwords, tokens, and e-mail addresses that can be found without being read."""
