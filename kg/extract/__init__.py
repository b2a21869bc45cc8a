"""Reading: articles in, extraction records out. Built of ordinary spaCy components; nothing else in kg knows spaCy."""

from kg.extract.nlp import MODEL, Pipeline, pipeline

__all__ = ["MODEL", "Pipeline", "pipeline"]
