"""The admin of the app: one module an aggregate, as with the models."""

from programmes.admin import outcome_metric, programme

__all__ = ["outcome_metric", "programme"]
