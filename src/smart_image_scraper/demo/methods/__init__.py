"""Demo: the methods of the REST API, a module a family."""
