"""The commands of `commentdesk` that belong to the service; each calls one use case."""
