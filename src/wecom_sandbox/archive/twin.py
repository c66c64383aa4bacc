"""The stand-in library in Python, for machines without a C compiler: a drop-in for `ctypes.CDLL` of the real one.

Call it as one calls the C functions: bytes and numbers in, numbers and addresses out; `restype` and `argtypes` may be set on
its functions, and a function whose restype is `c_char_p` gives bytes.
"""

from __future__ import annotations

import ctypes
import http.client
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from wecom_sandbox.archive import inner

OK, BAD_PARAMETER, BAD_NETWORK, BAD_PARSE = 0, 10000, 10001, 10002
BAD_DECRYPT, BAD_KEY = 10006, 10008
MOST = 1000


class Function:
    """One function of the library; ctypes lets people note on it what goes in and comes out."""

    def __init__(self, do: Callable[..., Any]) -> None:
        self._do = do
        self.restype: Any = None
        self.argtypes: Any = None

    def __call__(self, *arguments: Any) -> Any:
        found = self._do(*(_plain(argument) for argument in arguments))
        if isinstance(found, ctypes.Array):
            return found.value if self.restype is ctypes.c_char_p else ctypes.addressof(found)
        return found


def _plain(argument: Any) -> Any:
    """c_ulonglong(5), c_char_p(b"x") and the like, as their values."""
    return argument.value if hasattr(argument, "value") else argument


@dataclass
class _Sdk:
    host: str = ""
    port: int = 0
    corpid: str = ""
    secret: str = ""


@dataclass
class _Slice:
    """What C keeps in a Slice_t or MediaData_t: buffers that live as long as it does."""

    data: ctypes.Array[ctypes.c_char] | None = None
    length: int = 0
    index: ctypes.Array[ctypes.c_char] | None = None
    index_length: int = 0
    finished: int = 0

    def hold(self, data: bytes, index: bytes = b"", *, finished: bool = True) -> None:
        self.data, self.length = ctypes.create_string_buffer(data), len(data)
        self.index, self.index_length = ctypes.create_string_buffer(index), len(index)
        self.finished = int(finished)


@dataclass(frozen=True)
class _Told:
    code: int
    finished: bool = True
    next: str = "-"
    rest: bytes = b""


class Twin:
    """The functions of the library, under their own names."""

    def __init__(self) -> None:
        self._things: dict[int, Any] = {}
        self._numbers = itertools.count(1)
        functions: dict[str, Callable[..., Any]] = {
            "NewSdk": lambda: self._keep(_Sdk()),
            "DestroySdk": self._drop,
            "Init": self._init,
            "GetChatData": self._chat_data,
            "DecryptData": self._decrypt,
            "GetMediaData": self._media_data,
            "NewSlice": lambda: self._keep(_Slice()),
            "FreeSlice": self._drop,
            "GetContentFromSlice": lambda at: self._things[at].data,
            "GetSliceLen": lambda at: self._things[at].length,
            "NewMediaData": lambda: self._keep(_Slice()),
            "FreeMediaData": self._drop,
            "GetOutIndexBuf": lambda at: self._things[at].index,
            "GetData": lambda at: self._things[at].data,
            "GetIndexLen": lambda at: self._things[at].index_length,
            "GetDataLen": lambda at: self._things[at].length,
            "IsMediaDataFinish": lambda at: self._things[at].finished,
        }
        for name, do in functions.items():
            setattr(self, name, Function(do))

    def __getattr__(self, name: str) -> Function:
        raise AttributeError(f"the library has no function {name}")

    def _keep(self, thing: Any) -> int:
        number = next(self._numbers)
        self._things[number] = thing
        return number

    def _drop(self, number: int) -> None:
        self._things.pop(number, None)

    def _init(self, sdk: int, corpid: bytes, secret: bytes) -> int:
        made = self._things.get(sdk)
        if made is None or not corpid or not secret:
            return BAD_PARAMETER
        parts = urlsplit(os.environ.get("WEWORK_SANDBOX", ""))
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            return BAD_NETWORK
        made.host, made.port = parts.hostname, parts.port
        made.corpid, made.secret = corpid.decode(), secret.decode()
        return OK

    def _chat_data(self, sdk: int, seq: int, limit: int, _proxy: bytes, _password: bytes, timeout: int, out: int) -> int:
        if not self._ready(sdk) or out not in self._things or not 1 <= limit <= MOST:
            return BAD_PARAMETER
        told = _ask(self._things[sdk], f"/sandbox/archive/chatdata?seq={seq}&limit={limit}", timeout)
        if told.code == OK:
            self._things[out].hold(told.rest)
        return told.code

    def _decrypt(self, encrypt_key: bytes, encrypt_msg: bytes, out: int) -> int:
        if encrypt_key is None or encrypt_msg is None or out not in self._things:
            return BAD_PARAMETER
        try:
            self._things[out].hold(inner.opened(encrypt_key.decode(), encrypt_msg.decode()).encode())
        except inner.NoKey:
            return BAD_KEY
        except inner.NotOpened:
            return BAD_DECRYPT
        return OK

    def _media_data(
        self, sdk: int, index: bytes | None, file_id: bytes, _proxy: bytes, _password: bytes, timeout: int, out: int
    ) -> int:
        if not self._ready(sdk) or out not in self._things or not file_id:
            return BAD_PARAMETER
        path = f"/sandbox/archive/media?sdkfileid={quote(file_id, safe='')}&index={quote(index or b'', safe='')}"
        told = _ask(self._things[sdk], path, timeout)
        if told.code == OK:
            following = b"" if told.next == "-" else told.next.encode()
            self._things[out].hold(told.rest, following, finished=told.finished)
        return told.code

    def _ready(self, sdk: int) -> bool:
        made = self._things.get(sdk)
        return isinstance(made, _Sdk) and bool(made.corpid)


def _ask(sdk: _Sdk, path: str, timeout: int) -> _Told:
    connection = http.client.HTTPConnection(sdk.host, sdk.port, timeout=timeout if timeout > 0 else 10)
    try:
        connection.request("GET", path, headers={"X-Corpid": sdk.corpid, "X-Secret": sdk.secret, "Connection": "close"})
        response = connection.getresponse()
        body = response.read()
    except http.client.HTTPException:
        return _Told(BAD_PARSE)
    except OSError:
        return _Told(BAD_NETWORK)
    finally:
        connection.close()
    return _told(body) if response.status == 200 else _Told(BAD_PARSE)


def _told(body: bytes) -> _Told:
    first, _, rest = body.partition(b"\n")
    words = first.decode(errors="replace").split()
    if len(words) != 3 or not words[0].lstrip("-").isdigit():
        return _Told(BAD_PARSE)
    return _Told(int(words[0]), words[1] == "1", words[2], rest)
