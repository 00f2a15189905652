"""Uploads that name people: each piece is sealed as it comes, so that none of them lies on the disk or in memory whole.

Django's own way keeps a large upload in a temporary file, in clear, until the view has run.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from groundswell.people.operations.importing import Arriving


class SealedUpload(UploadedFile):
    """A file of the form that lies sealed already; the view keeps it or it is dropped."""

    def __init__(self, arriving: Arriving, name: str, size: int) -> None:
        super().__init__(None, name, size=size)
        self.arriving = arriving


class _Sealing(FileUploadHandler):
    arriving: Arriving | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.arriving is not None:
            raise SkipFile
        self.arriving = Arriving(settings.GROUNDSWELL.lists_folder)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.arriving is not None:
            self.arriving.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        return SealedUpload(self.arriving, self.file_name or "list", file_size) if self.arriving and file_size else None


def sealing(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The file of this view's form arrives sealed, and is gone where the view did not keep it.

    The check against forged forms reads the form, so it comes after the way of its files is set.
    """
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def taken(request: HttpRequest) -> HttpResponse:
        handler = _Sealing(request)
        # Setting them raises where somebody has read the form before: better than a list in a temporary file.
        request.upload_handlers = [handler]
        try:
            return checked(request)
        finally:
            if handler.arriving is not None:
                handler.arriving.drop()

    return taken
