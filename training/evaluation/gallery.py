"""The gallery: one page that needs nothing beside itself, with image, truth and each method's mask."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.evaluation import pictures
from training.evaluation.cases import Case
from training.evaluation.indices import INDICES
from training.evaluation.leave_one_out import NETWORK
from training.evaluation.showcase import Window
from training.marida import ALGAE, Label

Float = npt.NDArray[np.float32]

LISTED = 14
"""So many wrong pixels are listed under a window."""

_STYLE = """
body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:1720px;padding:0 1rem;background:#fff;color:#16191d}
h2{margin-top:2.5rem;border-top:2px solid #16191d;padding-top:.6rem} .row{display:flex;flex-wrap:wrap;gap:10px}
figure{margin:0} figcaption{font-size:12px;color:#444;max-width:320px} img{display:block;image-rendering:pixelated}
.key span{display:inline-block;width:.9em;height:.9em;margin:0 .3em 0 1em;border:1px solid #888;vertical-align:-.1em}
table{border-collapse:collapse;font-size:12px;margin:.6rem 0} td,th{padding:1px 9px;text-align:right}
.wrong{color:#b00020;font-weight:600}
"""


@dataclass(frozen=True)
class Semireal:
    """A semi-real image to show: the case, in natural and in false colour."""

    case: Case
    natural: pictures.Picture
    false_colour: pictures.Picture

    @property
    def error(self) -> float:
        """Return Σ |found − true cover| ÷ Σ true cover."""
        true = float(self.case.truth.sum())
        return float(np.abs(self.case.cover - self.case.truth).sum()) / true if true else 0.0


def page(windows: Sequence[Window], mixtures: Sequence[Semireal]) -> str:
    """Return the page as HTML."""
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Greentide: detection, looked at</title>',
        f"<style>{_STYLE}</style><h1>Detection, looked at</h1>",
        "<p>Neighbourhoods of 64 × 64 pixels (640 m) of real scenes, ranked by the network's F1 in them. Labels are "
        "sparse: most pixels have none. Outlines on the images: the network's false alarms and misses.</p>",
        f'<p class="key">Masks:{_key(_MASK_KEY)}</p><p class="key">Labels:{_key(_LABEL_KEY)}</p>',
    ]
    parts += [_window(window) for window in windows]
    ranked = sorted(mixtures, key=lambda mixture: mixture.error)
    for what, index in (("worst", -1), ("median", len(ranked) // 2), ("best", 0)):
        if ranked:
            parts.append(_mixture(ranked[index], f"{what} of {len(ranked)} semi-real images"))
    return "\n".join(parts) + "\n</html>\n"


_MASK_KEY = {
    "hit": pictures.HIT,
    "false alarm": pictures.FALSE_ALARM,
    "miss": pictures.MISS,
    "called, not labelled": pictures.UNLABELLED,
    "masked (cloud, land, …)": pictures.MASKED,
}
_LABEL_KEY = {label.name.lower().replace("_", " "): colour for label, colour in pictures.LABEL_COLOURS.items()}


def _key(colours: dict[str, tuple[int, int, int]]) -> str:
    return "".join(f'<span style="background:rgb{colour}"></span>{name}' for name, colour in colours.items())


def _figure(picture: pictures.Picture, caption: str) -> str:
    image = f'<img src="{pictures.data_uri(picture)}" alt="">'
    return f"<figure>{image}<figcaption>{html.escape(caption)}</figcaption></figure>"


def _window(window: Window) -> str:
    scene = window.result.scene
    rows, cols = window.slices
    values = scene.read_patch(window.patch)[:, rows, cols]
    labels, clear = scene.labels[window.patch, rows, cols], scene.clear[window.patch, rows, cols]
    algae = np.isin(labels, ALGAE)
    row, col = scene.corners[window.patch]
    network = window.result.found.called[row + rows.start : row + rows.stop, col + cols.start : col + cols.stop]
    masks = {NETWORK: network} | {peer.detail: peer.called(values) & clear for peer in window.result.peers}
    wrong = {
        pictures.FALSE_ALARM: network & (labels != Label.NONE) & ~algae,
        pictures.MISS: algae & ~network,
    }
    lon, lat = window.lon_lat
    figures = [
        _figure(pictures.outlined(pictures.coloured(values, bands), wrong), caption)
        for bands, caption in (
            (pictures.NATURAL, "natural colour"),
            (pictures.FALSE_COLOUR, "false colour (B08, B04, B03)"),
        )
    ]
    figures.append(_figure(pictures.outlined(pictures.labelled(labels), {}), "labels"))
    for name, mask in masks.items():
        counts = [int(part.sum()) for part in (mask & algae, mask & (labels != Label.NONE) & ~algae, ~mask & algae)]
        caption = "{}: {} hits, {} false alarms, {} misses".format(name, *counts)
        figures.append(_figure(pictures.outlined(pictures.judged(mask, labels, algae, clear), {}), caption))
    file = scene.files[window.patch].name
    head = f"<h2>{html.escape(f'{scene.name}: {window.title}')}</h2>"
    where = f"{file}, rows {rows.start}–{rows.stop - 1}, columns {cols.start}–{cols.stop - 1}; {lat:.4f} N, {lon:.4f} E"
    counts_text = (
        f"network: {window.hits} hits, <span class=wrong>{window.false_alarms} false alarms, {window.misses} misses"
        f"</span>, F1 {window.f1:.3f}; weights {html.escape(window.result.weights)}"
    )
    listing = _listing(values, labels, window, np.logical_or(*wrong.values()))
    return f'{head}<p>{html.escape(where)} — {counts_text}</p><div class="row">{"".join(figures)}</div>{listing}'


def _listing(values: Float, labels: npt.NDArray[np.uint8], window: Window, wrong: npt.NDArray[np.bool_]) -> str:
    """Return the wrong pixels with their indices: where a label is wrong, the spectrum says so."""
    places = np.argwhere(wrong)
    if not len(places):
        return ""
    lines = [f"<table><tr><th>row<th>column<th>label<th>{'<th>'.join(INDICES)}"]
    for r, c in places[:LISTED]:
        figures = "<td>".join(f"{float(index(values[:, r, c])):.3f}" for index in INDICES.values())
        name = Label(int(labels[r, c])).name.lower().replace("_", " ")
        lines.append(f"<tr><td>{window.row + r}<td>{window.col + c}<td>{name}<td>{figures}")
    more = f"<p>and {len(places) - LISTED} more</p>" if len(places) > LISTED else ""
    return "\n".join(lines) + "</table>" + more


def _mixture(mixture: Semireal, title: str) -> str:
    case = mixture.case
    seen = np.where(np.isfinite(case.found.cover), case.cover, np.float32(np.nan))
    figures = [
        _figure(pictures.outlined(picture, {}, 2), caption)
        for picture, caption in (
            (mixture.natural, "natural colour"),
            (mixture.false_colour, "false colour (B08, B04, B03)"),
            (pictures.cover_picture(case.truth), "true cover (brightness is its root)"),
            (pictures.cover_picture(seen), "found cover"),
        )
    ]
    text = (
        f"{case.kind} on {case.place}, {case.level}: true {float((case.truth * case.area_km2).sum()):.4f} km², found "
        f"{float((case.cover * case.area_km2).sum()):.4f} km²; Σ |error| is {mixture.error:.0%} of the true cover"
    )
    return f'<h2>{html.escape(title)}</h2><p>{html.escape(text)}</p><div class="row">{"".join(figures)}</div>'
