"""What the linker sees of texts: words in common, questions, thanks, greetings. Chinese and English, all messages at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy

Floats = npt.NDArray[np.float32]
Wholes = npt.NDArray[np.int64]

CUES: dict[str, str] = {
    "asks": (
        r"[?？]|吗|呢[。！!~～ ]*$|么[。！!~～ ]*$|怎么|如何|为什么|请问|请教|有没有"
        r"|能不能|可不可以|谁知道|哪里|哪个|什么时候|多少"
        r"|(?i)^(how|what|why|where|when|which|who|is there|are there|does|do you|can i|can you|any ?one|has any)\b"
    ),
    "thanks": r"(?i)\b(thanks?|thx|ty|cheers|thank you)\b|谢谢|多谢|感谢|谢了|辛苦",
    "answers": (
        r"(?i)^\W*(yes|yeah|yep|yup|no|nope|ok|okay|sure|right|ah|oh|hm+|well|it's|that's|you|try|use|then|so|but|and|because)\b"
        r"|^\W*(是|对|嗯|好|不|没|可以|行|收到|有|在|用|试|那|因为|但是|应该|哦|啊|噢)"
    ),
    "greets": (
        r"(?i)^\W*(hi|hello|hey|good (morning|evening|day)|greetings|yo|bye|gn)\b"
        r"|^\W*(大家好|你好|您好|早|晚上好|晚安|新人|嗨)"
    ),
    "links": r"(?i)https?://|www\.",
    "trails": r"(\.\.\.|…|，|,|、)\s*$",
}
FEW = 5_000
"""Fewer messages than this do not tell how rare a word is: it is then taken to be as rare as among so many."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Words:
    """`weights` has a row a message: its words, rarer ones heavier, of length 1. `rarity` says of each word how rare it is."""

    weights: scipy.sparse.csr_array
    rarity: scipy.sparse.csr_array
    cues: dict[str, Floats]
    length: Floats


def read(texts: pa.Array) -> Words:
    """Reads texts (null: no text). How rare a word is, is told by these texts alone."""
    lowered = pc.utf8_lower(pc.fill_null(texts, ""))
    message, word = _tokens(lowered)
    cues = {name: _flags(lowered, pattern) for name, pattern in CUES.items()}
    length = np.log1p(np.asarray(pc.utf8_length(lowered)).astype(np.float32))
    weights, rarity = _weighted(message, word, len(texts))
    return Words(weights, rarity, cues, length)


def _flags(texts: pa.Array, pattern: str) -> Floats:
    return np.asarray(pc.match_substring_regex(texts, pattern)).astype(np.float32)


def _tokens(texts: pa.Array) -> tuple[Wholes, npt.NDArray[np.uint64]]:
    """(message, hash of a word) of every word: runs of letters and digits; of Chinese, every two characters side by side."""
    joined = "\n".join(pc.replace_substring(texts, "\n", " ").to_pylist())
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    message = np.cumsum(signs == 10)
    han = _is_han(signs)
    letter = _is_letter(signs) & ~han
    words = _runs(signs, letter)
    pairs = np.flatnonzero(han[:-1] & han[1:]) if len(signs) else np.zeros(0, np.int64)
    hashes = np.concatenate([words[1], signs[pairs] * _MULTIPLIER ^ signs[pairs + 1] if len(pairs) else signs[:0]])
    return np.concatenate([message[words[0]], message[pairs]]).astype(np.int64), hashes


def _is_han(signs: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    return ((signs >= 0x3400) & (signs <= 0x9FFF)) | ((signs >= 0x20000) & (signs <= 0x323AF))


def _is_letter(signs: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    digit = (signs >= 48) & (signs <= 57)
    latin = (signs >= 97) & (signs <= 122)
    other = (signs >= 0xC0) & (signs < 0x2000) | (signs >= 0x3040) & (signs <= 0x30FF) | (signs >= 0xAC00) & (signs <= 0xD7A3)
    return digit | latin | other


def _runs(signs: npt.NDArray[np.uint64], letter: npt.NDArray[np.bool_]) -> tuple[Wholes, npt.NDArray[np.uint64]]:
    """Where each run of at least two letters starts, and a hash of it."""
    edges = np.diff(np.concatenate([[False], letter, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    long = ends - starts >= 2
    starts, ends = starts[long], ends[long]
    if not len(starts):
        return starts, signs[:0]
    place = np.arange(len(signs)) - np.repeat(
        np.concatenate([[0], starts]), np.diff(np.concatenate([[0], starts, [len(signs)]]))
    )
    mixed = (signs + np.uint64(1)) * (_MULTIPLIER ** (np.minimum(place, 64).astype(np.uint64) + np.uint64(1)))
    bounds = np.column_stack([starts, np.minimum(ends, len(signs) - 1)]).ravel()
    summed = np.add.reduceat(np.where(letter, mixed, np.uint64(0)), bounds)[::2]
    return starts, summed


def _weighted(
    message: Wholes, word: npt.NDArray[np.uint64], messages: int
) -> tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]:
    vocabulary, code = np.unique(word, return_inverse=True)
    shape = (messages, max(len(vocabulary), 1))
    counted = scipy.sparse.csr_array((np.ones(len(code), np.float32), (message, code)), shape=shape)
    counted.sum_duplicates()
    counted.data[:] = 1
    said_by = np.bincount(counted.indices, minlength=shape[1])
    rare = np.log((max(messages, FEW) + 1) / (said_by + 1)).astype(np.float32)
    rarity = counted.copy()
    rarity.data = rare[rarity.indices]
    squares: Floats = np.asarray(rarity.multiply(rarity).sum(axis=1)).ravel()
    norms = np.sqrt(np.maximum(squares, 1e-6)).astype(np.float32)
    weights = rarity.copy()
    weights.data = np.asarray(weights.data / np.repeat(norms, np.diff(weights.indptr)), np.float32)
    return weights, rarity
