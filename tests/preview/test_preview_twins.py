"""Two cameras with one view stand side by side on the sheet; others do not."""

import dataclasses

from helpers_high import capture, finish
from helpers_stage import Part, dome, plane

from simgen.preview.sheet import contact_sheet
from simgen.preview.twins import twins_of


def test_pairs_are_found_by_their_view() -> None:
    floor = [Part(mesh=plane(9.0), surface=finish(0.3))]
    fast, high = (
        capture(floor, dome(), (0, 0, 1), (1, 0, 0.5), quality=quality, samples=2) for quality in ("fast", "high")
    )
    (block,) = twins_of({"fast": fast, "high": high, "later": dataclasses.replace(high, time_ns=5)})
    panels, columns = block
    assert columns == 2
    assert [words for words, _ in panels] == ["fast (beside high)", "high (beside fast)"]
    assert twins_of({"one": fast, "same": fast}) == []
    assert fast.rgb is not None
    third = dataclasses.replace(fast, rgb=255 - fast.rgb)
    (together,) = twins_of({"fast": fast, "high": high, "third": third})
    assert [words for words, _ in together[0]] == [
        "fast (beside high, third)",
        "high (beside fast, third)",
        "third (beside fast, high)",
    ]
    plain = contact_sheet({"fast": fast}, title="t", subtitle="s", width=800)
    assert contact_sheet({"fast": fast, "high": high}, title="t", subtitle="s", width=800).shape[0] > plain.shape[0]
