"""Images: checked, turned upright, scaled, and without the metadata that cameras write (place, time, owner)."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from .found import Found
from .refusal import Refusal

SIDE = 2048
MOST_PIXELS = 100_000_000
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def read(name: str, data: bytes) -> Found:
    """The picture for prompts: JPEG, or PNG where transparency or few colours ask for it."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_large(name, image.width, image.height)
            mime = Image.MIME.get(image.format or "", "image/png")
            warnings = _frames(image)
            picture = ImageOps.exif_transpose(image)
            warnings += _scaled(picture)
            return Found("image", mime, pictures=[_encoded(picture)], warnings=warnings)
    except Image.DecompressionBombError as error:
        raise Refusal(f"{name} has too many pixels.", f"Scale it below {MOST_PIXELS:,} pixels.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refusal(f"{name} is damaged and cannot be shown as an image.", "Save it anew and attach it.") from error


def _frames(image: Image.Image) -> list[str]:
    frames = getattr(image, "n_frames", 1)
    return [f"It has {frames} frames; the first goes in."] if frames > 1 else []


def _scaled(picture: Image.Image) -> list[str]:
    before = picture.size
    if max(before) <= SIDE:
        return []
    picture.thumbnail((SIDE, SIDE))
    return [f"Scaled from {before[0]} x {before[1]} to {picture.width} x {picture.height} pixels for the prompt."]


def _encoded(picture: Image.Image) -> tuple[str, bytes]:
    clear = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    bare = picture.convert("RGBA" if clear else "RGB")
    bare.info.clear()
    out = io.BytesIO()
    if clear or picture.mode in {"1", "P"}:
        bare.save(out, "PNG", optimize=False)
        return "image/png", out.getvalue()
    bare.save(out, "JPEG", quality=88)
    return "image/jpeg", out.getvalue()


def _too_large(name: str, width: int, height: int) -> Refusal:
    return Refusal(f"{name} has {width:,} x {height:,} pixels.", f"Scale it below {MOST_PIXELS:,} pixels.")
