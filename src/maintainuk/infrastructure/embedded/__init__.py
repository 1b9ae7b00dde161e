"""What `up` brings along: PostgreSQL, Valkey and Node from their wheels, and the supervisor that keeps them."""
