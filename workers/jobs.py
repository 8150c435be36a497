"""Everything a worker can do: importing this module declares every job."""

from workers import analytics, certificates, default, exports, imports, notifications, reports
from workers.broker import broker

__all__ = ["analytics", "broker", "certificates", "default", "exports", "imports", "notifications", "reports"]
