"""Google's errors in its two shapes: Drive and the directory list `errors` with reasons, Sheets and Docs give a status."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

#: The canonical names of https://cloud.google.com/apis/design/errors by HTTP status.
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
_REASONS = {
    400: "badRequest",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    412: "conditionNotMet",
    429: "rateLimitExceeded",
    500: "backendError",
    501: "notImplemented",
    503: "backendError",
}
#: Reasons that stand in the domain of quotas.
_USAGE = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded", "sharingRateLimitExceeded"}


@dataclass
class GoogleError(Exception):
    """A refusal. *reason* is Drive's word for it; *location* the parameter that is wrong, if one is."""

    status: int
    message: str
    reason: str = ""
    location: str = ""
    location_type: str = "parameter"
    details: list[Json] = field(default_factory=list)

    def legacy(self) -> Json:
        """As Drive and the directory say it."""
        reason = self.reason or _REASONS.get(self.status, "badRequest")
        one: Json = {
            "message": self.message,
            "domain": "usageLimits" if reason in _USAGE else "global",
            "reason": reason,
        }
        if self.location:
            one |= {"location": self.location, "locationType": self.location_type}
        error: Json = {"code": self.status, "message": self.message, "errors": [one]}
        if self.status in (401, 429, 501):
            error["status"] = STATUSES[self.status]
        return {"error": error}

    def canonical(self) -> Json:
        """As Sheets and Docs say it."""
        error: Json = {"code": self.status, "message": self.message, "status": STATUSES.get(self.status, "UNKNOWN")}
        if self.details:
            error["details"] = self.details
        return {"error": error}


def bad_request(message: str, *violations: tuple[str, str]) -> GoogleError:
    """400 of Sheets and Docs; *violations* are field and description pairs."""
    found = [({"field": where} if where else {}) | {"description": why} for where, why in violations]
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": found}] if found else []
    return GoogleError(400, message, "badRequest", details=details)


def invalid(location: str, message: str = "Invalid Value", location_type: str = "parameter") -> GoogleError:
    """400 of Drive for a parameter whose value makes no sense."""
    return GoogleError(400, message, "invalid", location, location_type)


def file_not_found(file_id: str) -> GoogleError:
    """404 of Drive: it says the same of what does not exist and of what the caller may not see."""
    return GoogleError(404, f"File not found: {file_id}.", "notFound", "fileId")


def entity_not_found() -> GoogleError:
    """404 of Sheets and Docs."""
    return GoogleError(404, "Requested entity was not found.", "notFound")


def denied() -> GoogleError:
    """403 of Sheets and Docs."""
    return GoogleError(403, "The caller does not have permission", "forbidden")


def insufficient() -> GoogleError:
    """403 of Drive for a file that the caller may see and not change."""
    return GoogleError(403, "The user does not have sufficient permissions for this file.", "insufficientFilePermissions")
