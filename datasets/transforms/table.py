"""The families of transforms, a row each, and named sets of them.

A row has name, function, what the strength counts, and its limits. The order is that of messages
and of the guide.
"""

from datasets.transforms import detail, files, frames, geometry, overlays, recaptures, tones
from datasets.transforms.base import Family

# fmt: off
FAMILIES = (
    Family("identity", tones.identity),
    Family("jpeg", files.jpeg, "quality of the encoder", (1, 100), neutral=100, typical=30, step=1),
    Family("resize", geometry.resize, "percent of width and height",
           (1, 200), neutral=100, typical=50),
    Family("crop", geometry.crop, "percent of the surface removed", (0, 95), typical=30),
    Family("pad", frames.pad, "percent of the width or height added on each side",
           (0, 50), typical=10),
    Family("rotate", geometry.rotate, "degrees", (0, 45), typical=2),
    Family("mirror", geometry.mirror),
    Family("blur", detail.blur, "standard deviation in pixels", (0, 50), typical=2),
    Family("noise", detail.noise, "standard deviation as a share of full scale",
           (0, 1), typical=0.05),
    Family("gamma", tones.gamma, "exponent", (0.1, 10), neutral=1, typical=2),
    Family("contrast", tones.contrast, "factor", (0.1, 5), neutral=1, typical=1.5),
    Family("brightness", tones.brightness, "factor", (0.1, 5), neutral=1, typical=1.3),
    Family("grey", tones.grey),
    Family("text", overlays.text),
    Family("copydays-jpeg", files.copydays_jpeg,
           "quality of the encoder, at a quarter of width and height",
           (1, 100), neutral=100, typical=15, step=1),
    Family("print-scan", recaptures.print_scan, "defects, where 1 is a home printer and 0 is none",
           (0, 3), typical=1),
    Family("paint", overlays.paint, "percent of the surface covered", (0, 80), typical=15),
    Family("perspective", geometry.perspective,
           "percent that the far side is shorter than the near one", (0, 80), typical=30),
    Family("watermark", overlays.watermark, "percent of the width that the word takes",
           (0, 100), typical=20),
    Family("vignette", tones.vignette, "standard deviations from the middle to each edge",
           (0, 3), typical=1),
    Family("letterbox", frames.letterbox, "percent of the height added above, and as much below",
           (0, 100), typical=20),
    Family("trim", geometry.trim, "percent of the width or height cut off on each side",
           (0, 45), typical=5),
    Family("grey-noise", detail.grey_noise, "standard deviation as a share of full scale",
           (0, 1), typical=0.2),
    Family("aspect", geometry.aspect, "percent of the width", (25, 400), neutral=100, typical=75),
    Family("png", files.png),
    Family("webp", files.webp, "quality of the encoder", (1, 100), neutral=100, typical=80, step=1),
    Family("avif", files.avif, "quality of the encoder", (1, 100), neutral=100, typical=50, step=1),
    Family("gif", files.gif),
    Family("saturation", tones.saturation, "factor", (0, 5), neutral=1, typical=2),
    Family("hue", tones.hue, "degrees of the colour circle", (0, 180), typical=30),
    Family("sharpen", detail.sharpen, "percent of the detail added", (0, 500), typical=150, step=1),
    Family("emoji", overlays.emoji, "diameter in percent of the shorter side",
           (0, 100), typical=30),
    Family("logo", overlays.logo, "percent of the width that the logo takes", (0, 100), typical=30),
    Family("border", frames.border, "width of the frame in percent of the shorter side",
           (0, 50), typical=5),
    Family("rounded-corners", frames.rounded_corners, "radius in percent of the shorter side",
           (0, 50), typical=20),
    Family("screenshot", recaptures.screenshot, "percent of the screen's height that the bars take",
           (0, 80), typical=25),
    Family("collage", frames.collage, "number of pictures", (1, 9), neutral=1, typical=4, step=1),
    Family("turn", geometry.turn, "degrees, in quarters of a turn", (0, 270), typical=90, step=90),
    Family("thumbnail", geometry.thumbnail, "pixels of the longer side at most",
           (8, 4096), neutral=4096, typical=64, step=1),
)
# fmt: on

#: Named sets of transforms, by their ids.
SETS: dict[str, tuple[str, ...]] = {
    # What a picture meets on the web, from what nobody sees to what anybody sees.
    "quick": (
        *("jpeg-75", "jpeg-30", "jpeg-10", "resize-50", "crop-10", "crop-30", "pad-10"),
        *("rotate-2", "blur-2", "noise-0.05", "gamma-2", "text"),
    ),
    # The qualities of the INRIA Copydays data set; see `files.copydays_jpeg`.
    "copydays-jpeg": tuple(
        f"copydays-jpeg-{quality}" for quality in (75, 50, 30, 20, 15, 10, 8, 5, 3)
    ),
    # Its shares of the surface cut off. That windows lie at random is ours.
    "copydays-crop": tuple(f"crop-{share}" for share in (10, 15, 20, 30, 40, 50, 60, 70, 80)),
    # After the kinds of its 229 strong copies: ours, and so named.
    "copydays-strong-like": (
        *("print-scan-1", "print-scan-2", "paint-10", "paint-30"),
        *("blur-4", "blur-8", "perspective-20", "perspective-40"),
    ),
    # noop, watermark, blur2, vignette, gamma2, jpeg95, pad0.2, crop0.05, noise0.2 and rotate4 of
    # the benchmarking example of perception (github.com/thorn-oss/perception), made again. Its
    # published figures are from before October 2024, of pictures shrunk to 256 pixels, by imgaug:
    # whose 95 is a degree of compression, about quality 7, where today's example says quality=95.
    "perception-v0": (
        *("identity", "watermark-20", "blur-2", "vignette-1", "gamma-2", "jpeg-95"),
        *("letterbox-20", "trim-5", "grey-noise-0.2", "rotate-4"),
    ),
    # What people and programs do to pictures that they pass on.
    "everyday": (
        *("resize-50", "resize-150", "aspect-75", "aspect-133", "png", "webp-80", "avif-50", "gif"),
        *("grey", "contrast-0.6", "contrast-1.5", "brightness-0.7", "brightness-1.3"),
        *("saturation-0.4", "saturation-2", "hue-30", "sharpen-150", "text", "emoji-30", "logo-30"),
        *("border-5", "rounded-corners-20", "screenshot-25", "collage-2", "collage-4", "mirror"),
        *("rotate-1", "rotate-2", "rotate-5", "turn-90", "turn-180", "thumbnail-64"),
    ),
}
