"""Two invented organisations on a busy Monday, for trying the product and for showing it.

Nobody here exists: telephone numbers are Ofcom's drama numbers, e-mail addresses end in example.com.
"""
