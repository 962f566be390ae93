"""A small service that adds up sales: it is here for the weight of its dependencies."""
