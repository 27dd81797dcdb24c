"""Transforms: seeded edits of pictures, one file a family, by id in one registry."""

from datasets.transforms.aspect import Aspect
from datasets.transforms.avif import Avif
from datasets.transforms.base import Transform
from datasets.transforms.blur import Blur
from datasets.transforms.border import Border
from datasets.transforms.brightness import Brightness
from datasets.transforms.collage import Collage
from datasets.transforms.contrast import Contrast
from datasets.transforms.copydays_jpeg import CopydaysJpeg
from datasets.transforms.crop import Crop
from datasets.transforms.emoji import Emoji
from datasets.transforms.fixed import FixedTransform
from datasets.transforms.gamma import Gamma
from datasets.transforms.gif import Gif
from datasets.transforms.grey import Grey
from datasets.transforms.grey_noise import GreyNoise
from datasets.transforms.hue import Hue
from datasets.transforms.identity import Identity
from datasets.transforms.jpeg import Jpeg
from datasets.transforms.letterbox import Letterbox
from datasets.transforms.logo import Logo
from datasets.transforms.mirror import Mirror
from datasets.transforms.noise import Noise
from datasets.transforms.pad import Pad
from datasets.transforms.paint import Paint
from datasets.transforms.perspective import Perspective
from datasets.transforms.png import Png
from datasets.transforms.print_scan import PrintScan
from datasets.transforms.registry import get_transform, register_transform, transform_families
from datasets.transforms.resize import Resize
from datasets.transforms.rotate import Rotate
from datasets.transforms.rounded_corners import RoundedCorners
from datasets.transforms.saturation import Saturation
from datasets.transforms.screenshot import Screenshot
from datasets.transforms.sets import transform_set, transform_set_names
from datasets.transforms.sharpen import Sharpen
from datasets.transforms.text import Text
from datasets.transforms.thumbnail import Thumbnail
from datasets.transforms.trim import Trim
from datasets.transforms.turn import Turn
from datasets.transforms.vignette import Vignette
from datasets.transforms.watermark import Watermark
from datasets.transforms.webp import Webp

__all__ = [
    "Aspect",
    "Avif",
    "Blur",
    "Border",
    "Brightness",
    "Collage",
    "Contrast",
    "CopydaysJpeg",
    "Crop",
    "Emoji",
    "FixedTransform",
    "Gamma",
    "Gif",
    "Grey",
    "GreyNoise",
    "Hue",
    "Identity",
    "Jpeg",
    "Letterbox",
    "Logo",
    "Mirror",
    "Noise",
    "Pad",
    "Paint",
    "Perspective",
    "Png",
    "PrintScan",
    "Resize",
    "Rotate",
    "RoundedCorners",
    "Saturation",
    "Screenshot",
    "Sharpen",
    "Text",
    "Thumbnail",
    "Transform",
    "Trim",
    "Turn",
    "Vignette",
    "Watermark",
    "Webp",
    "get_transform",
    "register_transform",
    "transform_families",
    "transform_set",
    "transform_set_names",
]

for _transform in (
    Identity,
    Jpeg,
    Resize,
    Crop,
    Pad,
    Rotate,
    Mirror,
    Blur,
    Noise,
    Gamma,
    Contrast,
    Brightness,
    Grey,
    Text,
    CopydaysJpeg,
    PrintScan,
    Paint,
    Perspective,
    Watermark,
    Vignette,
    Letterbox,
    Trim,
    GreyNoise,
    Aspect,
    Png,
    Webp,
    Avif,
    Gif,
    Saturation,
    Hue,
    Sharpen,
    Emoji,
    Logo,
    Border,
    RoundedCorners,
    Screenshot,
    Collage,
    Turn,
    Thumbnail,
):
    register_transform(_transform)
