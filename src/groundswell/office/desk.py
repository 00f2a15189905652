"""What every form of the office does: ask who presses, call an operation, show what it said or what is wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.auth import require_admin_access

from groundswell.basics.result import Refused

View = Callable[..., HttpResponseBase]
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Our own files and nothing else: no script or style that stands in a page is obeyed, whoever put it there."""


def now() -> datetime:
    """The clock, read at the door."""
    return datetime.now(UTC)


def staff(request: HttpRequest) -> int:
    """Who presses."""
    return int(request.user.pk or 0)


def may(request: HttpRequest, *rights: str) -> bool:
    """Whether they have one of these rights (`mailings.send_mailing`)."""
    user: Any = request.user
    return any(user.has_perm(right) for right in rights)


def for_those_with(*rights: str) -> Callable[[View], View]:
    """A view behind the staff door for those who have one of these rights; its page runs and loads only files of ours."""

    def guarding(view: View) -> View:
        @require_admin_access
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not may(request, *rights):
                raise PermissionDenied
            answer = view(request, *arguments, **named)
            answer.headers.setdefault("Content-Security-Policy", _POLICY)
            return answer

        return guarded  # type: ignore[no-any-return, unused-ignore]

    return guarding


def is_moderator(user: Any) -> bool:
    """Those who approve. Editors write, and see neither signers nor contacts."""
    return bool(user.is_active and (user.is_superuser or user.groups.filter(name="Moderators").exists()))


def moderators(view: View) -> View:
    """Only for those who approve; everybody else is refused (403), and strangers are asked who they are."""

    @require_admin_access
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not is_moderator(request.user):
            raise PermissionDenied
        return view(request, *arguments, **named)

    return guarded  # type: ignore[no-any-return, unused-ignore]


def filled(request: HttpRequest, before: Any, /, *buttons: str, **otherwise: str) -> dict[str, Any]:
    """What a form shows: what was just typed, else what `before` (a view, or None) says, else the word given for each field.

    `buttons` are those of this form, where a page has several.
    """
    if request.method == "POST" and (not buttons or request.POST.get("do") in buttons):
        return {name: request.POST.get(name, "") for name in otherwise}
    return {name: getattr(before, name, word) if before is not None else word for name, word in otherwise.items()}


def tell(request: HttpRequest, refused: Refused) -> None:
    """Say on the next page what was refused, and what would mend it."""
    for problem in refused.problems:
        messages.error(request, str(problem))


@contextmanager
def telling(request: HttpRequest) -> Iterator[None]:
    """Do something; what is refused is told on the next page, and nothing inside is gone on with."""
    try:
        yield
    except Refused as refused:
        tell(request, refused)


def tried(request: HttpRequest, doing: Callable[[], str]) -> bool:
    """Do it and show what it says; where it is refused, show why. Whether it was done."""
    try:
        said = doing()
    except Refused as refused:
        tell(request, refused)
        return False
    if said:
        messages.success(request, said)
    return True
