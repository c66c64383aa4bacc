"""A link as a QR code."""

from __future__ import annotations

import base64
import io

import qrcode  # type: ignore[import-untyped]
from qrcode.image.svg import SvgPathImage  # type: ignore[import-untyped]


def qr(address: str) -> str:
    """A picture's address with the picture in it. The middle level of repair, as what is printed wears."""
    drawn = qrcode.make(address, image_factory=SvgPathImage, error_correction=qrcode.constants.ERROR_CORRECT_M)
    written = io.BytesIO()
    drawn.save(written)
    return f"data:image/svg+xml;base64,{base64.b64encode(written.getvalue()).decode()}"
