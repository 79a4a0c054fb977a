"""How a record goes from draft to published, who may do that, and what its dates mean. Knows nothing of partners."""
