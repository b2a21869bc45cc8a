from kg.read.article import Article

__all__ = ["Article"]
