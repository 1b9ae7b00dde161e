"""Data that ships with the product: what to do in danger, and the pictures and questions of the fault picker."""
