"""The admin of the app: one module an aggregate, as with the models."""

from programmes.admin import correction, observation, outcome_metric, programme

__all__ = ["correction", "observation", "outcome_metric", "programme"]
