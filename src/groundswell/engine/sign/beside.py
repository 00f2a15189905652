"""RSA signatures that let other threads run meanwhile.

`cryptography` holds the interpreter for the whole quarter of a millisecond of a signature; a foreign call lets go of it, so a
sender with two cores signs on one while it speaks with relays on the other. The mathematics is the same OpenSSL's. RSA
with PKCS #1 v1.5 (RFC 8017 8.2) has one right answer, so the first signature is compared with `cryptography`'s, and
where there is no such library, or it answers otherwise, there is simply none of this.
"""

import ctypes
import ctypes.util
import threading
from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils

Sign = Callable[[bytes], bytes]
"""SHA-256 digest in, signature out."""
_PROBE = bytes(range(32))


def signing_beside(key: rsa.RSAPrivateKey) -> Sign | None:
    """A function that signs digests with `key` in any thread, or None where this machine has no way to."""
    library = _library()
    if library is None:
        return None
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    own = threading.local()

    def sign(digest: bytes) -> bytes:
        found: _Hand | None = getattr(own, "hand", None)
        if found is None:
            found = own.hand = _Hand(library, der)  # a context is for one thread
        return found.sign(digest)

    try:
        same = sign(_PROBE) == key.sign(_PROBE, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
    except (OSError, AttributeError, ctypes.ArgumentError):
        return None
    return sign if same else None


class _Hand:
    """One thread's key, context and buffer."""

    def __init__(self, library: ctypes.CDLL, der: bytes) -> None:
        self._library, self._call = library, library.EVP_PKEY_sign
        start = ctypes.c_char_p(der)
        self._key = library.d2i_AutoPrivateKey(None, ctypes.byref(start), len(der))
        self._context = library.EVP_PKEY_CTX_new(self._key, None) if self._key else None
        done = self._context and library.EVP_PKEY_sign_init(self._context) == 1
        for name, value in ((b"rsa_padding_mode", b"pkcs1"), (b"digest", b"sha256")):
            done = done and library.EVP_PKEY_CTX_ctrl_str(self._context, name, value) == 1
        if not done:
            raise OSError("OpenSSL does not take the key")
        self._buffer, self._length = ctypes.create_string_buffer(512), ctypes.c_size_t(512)
        self._reference = ctypes.byref(self._length)

    def sign(self, digest: bytes) -> bytes:
        """The signature; OSError where OpenSSL makes none."""
        self._length.value = 512
        if self._call(self._context, self._buffer, self._reference, digest, len(digest)) != 1:
            raise OSError("OpenSSL did not sign")
        return self._buffer.raw[: self._length.value]

    def __del__(self) -> None:
        if getattr(self, "_context", None):
            self._library.EVP_PKEY_CTX_free(self._context)
        if getattr(self, "_key", None):
            self._library.EVP_PKEY_free(self._key)


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("crypto")
    if not name:
        return None
    pointer, words = ctypes.c_void_p, ctypes.c_char_p
    try:
        library = ctypes.CDLL(name)
        for function, result, arguments in (
            ("d2i_AutoPrivateKey", pointer, [pointer, ctypes.POINTER(words), ctypes.c_long]),
            ("EVP_PKEY_CTX_new", pointer, [pointer, pointer]),
            ("EVP_PKEY_sign_init", ctypes.c_int, [pointer]),
            ("EVP_PKEY_CTX_ctrl_str", ctypes.c_int, [pointer, words, words]),
            ("EVP_PKEY_sign", ctypes.c_int, [pointer, words, ctypes.POINTER(ctypes.c_size_t), words, ctypes.c_size_t]),
            ("EVP_PKEY_CTX_free", None, [pointer]),
            ("EVP_PKEY_free", None, [pointer]),
        ):
            found = getattr(library, function)
            found.restype, found.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    return library
