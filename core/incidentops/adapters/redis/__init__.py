"""The cache port on Redis."""

from incidentops.adapters.redis.cache import RedisCache

__all__ = ["RedisCache"]
