"""The Training tab in a browser: a run plays while it arrives, and afterwards any step is shown without a request."""

import io
import re
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from aedemo.explore.minima import align, unexplained

PLAYER = "aedemo.tabViews.get('training').player"
RUN = f"{PLAYER}.run"


def settle(person) -> None:
    """Wait until the whole run is here, and nothing plays."""
    person.settle("training")
    person.page.wait_for_function(
        f"{RUN}?.over && aedemo.tabViews.get('training').asked === aedemo.tabViews.get('training').player.asked"
    )
    person.page.evaluate("aedemo.tabViews.get('training').player.pause()")


def step(person) -> int:
    person.page.evaluate("new Promise(requestAnimationFrame)")  # it is drawn once a frame
    said = person.page.locator('#view-training [data-says="step"]').inner_text()
    return int(re.fullmatch(r"step ([\d,]+)", said)[1].replace(",", ""))


def prints(person) -> list[int]:
    """A number for what each drawing shows."""
    person.frames()
    return person.page.evaluate("[...document.querySelectorAll('#view-training canvas')].map((c) => probe.print(c))")


def press(person, name: str) -> None:
    person.page.locator(f'#view-training [data-play="{name}"]').click()


@pytest.fixture
def trainer(person):
    person.tab("training")
    settle(person)
    return person


def test_it_plays_pauses_and_steps_without_a_request(trainer):
    press(trainer, "start")
    with trainer.no_request():
        assert step(trainer) == 0
        first = prints(trainer)
        press(trainer, "play")
        trainer.page.wait_for_function(f"{PLAYER}.index > 4")
        press(trainer, "play")
        paused = step(trainer)
        trainer.page.wait_for_timeout(300)
        assert step(trainer) == paused > 0
        assert all(a != b for a, b in zip(first, prints(trainer), strict=True))
        press(trainer, "step")
        assert step(trainer) > paused
        press(trainer, "back")
        assert step(trainer) == paused


def test_the_scrubber_and_the_keys_go_to_any_step_without_a_request(trainer):
    scrubber = trainer.page.locator("#view-training .ae-scrub")
    verdict = trainer.page.locator('#view-training [data-says="verdict"]')
    with trainer.no_request():
        scrubber.focus()
        trainer.page.keyboard.press("Home")
        assert step(trainer) == 0 and verdict.inner_text() == ""
        trainer.page.keyboard.press("ArrowRight")
        assert step(trainer) == 1 and scrubber.get_attribute("aria-valuetext") == "step 1"
        seen = scrubber.evaluate(
            """async (scrubber) => {
              const seen = new Set();
              for (let share = 0; share <= 1000; share += 20) {
                scrubber.value = share;
                scrubber.dispatchEvent(new Event("input"));
                await new Promise(requestAnimationFrame);
                await new Promise(requestAnimationFrame);
                seen.add(document.querySelector('#view-training [data-says="verdict"]').innerText);
              }
              return [...seen];
            }"""
        )
        assert step(trainer) == 2000
    # By default a run falls to PCA's plane, rests there, and bends below it.
    for words in ("a plane, about as good as", "is below PCA's line", "The S-curve is unrolled"):
        assert any(words in said for said in seen)
    trainer.page.evaluate("document.activeElement.blur()")
    trainer.page.keyboard.press("ArrowLeft")
    assert 1800 < step(trainer) < 2000
    trainer.page.keyboard.press(" ")
    trainer.page.wait_for_function(
        "aedemo.tabViews.get('training').player.index === 0 || aedemo.tabViews.get('training').player.playing"
    )


def test_space_turns_under_the_pointer_and_the_keys(trainer):
    canvas = trainer.page.locator('#view-training canvas[data-draws="space"]')
    with trainer.no_request():
        before, now = prints(trainer), step(trainer)
        box = canvas.bounding_box()
        trainer.page.mouse.move(box["x"] + 100, box["y"] + 100)
        trainer.page.mouse.down()
        trainer.page.mouse.move(box["x"] + 180, box["y"] + 120)
        trainer.page.mouse.up()
        turned = prints(trainer)
        assert turned[0] != before[0] and turned[1:] == before[1:]
        canvas.focus()
        trainer.page.keyboard.press("ArrowLeft")
        assert prints(trainer)[0] != turned[0] and step(trainer) == now


def test_a_link_restores_settings_and_step_and_what_means_nothing_is_hidden(visit, server):
    said = "training_data=spiral&training_latent_dim=1&training_variant=linear&training_seed=3&training_step=10"
    person = visit(f"{server.url}#tab=training&{said}", wait=False)
    settle(person)
    page = person.page
    assert page.locator('input[name="ae-training_data"]:checked').get_attribute("value") == "spiral"
    assert page.locator("#training_seed-input").input_value() == "3"
    assert not page.locator("#training_sparsity_weight-input").is_visible()
    assert not page.locator("#ae-sidebar").is_visible()
    assert page.evaluate(f"{RUN}.setup.settings.variant") == "linear"
    person.page.wait_for_function("location.hash.slice(1) === aedemo.link.text()")
    shown = step(person)
    assert f"training_step={shown}" in page.url and shown in (9, 10, 11)
    assert person.complaints() == []


def test_a_setting_that_cannot_be_is_a_sentence_and_one_that_is_not_here_is_named(visit, server):
    said = "training_data=moons&training_latent_dim=3&training_variant=gan"
    person = visit(f"{server.url}#tab=training&{said}", wait=False)
    person.page.wait_for_selector("#view-training[data-state=failed]")
    assert person.message("training") == "latent_dim must be a whole number from 1 to 2, got 3"
    assert any("training?data=moons" in error for error in person.complaints())  # the refused request


def test_another_seed_is_laid_over_the_run_that_is_kept(trainer):
    press(trainer, "keep")
    trainer.page.focus("#training_seed-input")
    trainer.page.keyboard.press("ArrowRight")
    settle(trainer)
    trainer.page.evaluate(f"{PLAYER}.show(Infinity)")
    with_both = prints(trainer)
    assert "Kept run" in trainer.page.locator('#view-training [data-says="error"]').inner_text()
    press(trainer, "keep")
    assert prints(trainer)[:2] != with_both[:2]
    trainer.page.focus("#training_seed-input")
    trainer.page.keyboard.press("ArrowLeft")
    settle(trainer)


def test_nothing_plays_by_itself_where_motion_is_unwelcome(visit, server):
    person = visit(f"{server.url}#tab=training", wait=False, reduced_motion="reduce")
    person.settle("training")
    person.page.wait_for_function(f"{RUN}.over")
    assert not person.page.evaluate(f"{PLAYER}.playing") and step(person) == 2000


# The deep ones are trained for other tests too.
@pytest.mark.parametrize(("variant", "data", "seed"), [("linear", "ellipsoid", 0), ("deep", "s-curve", 1)])
def test_two_seeds_are_compared_after_the_best_affine_map(visit, server, variant, data, seed):
    said = f"training_data={data}&training_variant={variant}&training_seed={seed}"
    trainer = visit(f"{server.url}#tab=training&{said}", wait=False)
    settle(trainer)
    press(trainer, "keep")
    code = f"(({{ shape, values }}) => [shape, [...values]])({RUN}.snapshots.at(-1).codes)"
    shape, values = trainer.page.evaluate(code)
    kept = np.reshape(values, shape)
    trainer.page.focus("#training_seed-input")
    trainer.page.keyboard.press("ArrowRight")
    trainer.page.wait_for_function(f"{RUN}.setup.settings.seed === {seed + 1}")
    settle(trainer)
    trainer.page.evaluate(f"{PLAYER}.show(Infinity)")
    step(trainer)
    other = np.reshape(trainer.page.evaluate(code)[1], shape)
    left = unexplained(align(other, kept), kept)
    words = trainer.page.locator('#view-training [data-says="compared"]').inner_text()
    assert words.startswith(f"Seeds {seed} and {seed + 1} end at training errors of")
    said = re.search(r"([\d.]+)\u00a0% of its variance", words)[1]
    assert float(said) == pytest.approx(100 * left, abs=0.06 if left < 0.05 else 0.6)
    assert ("one code is an affine map of the other" in words) == (left < 0.05)
    assert (variant != "linear") or left < 0.05


def test_two_weights_of_the_sparsity_penalty_are_compared_by_their_active_units(visit, server):
    address = f"{server.url}#tab=training&training_data=ellipsoid&training_variant=sparse&training_sparsity_weight="
    trainer = visit(f"{address}1", wait=False)
    settle(trainer)
    press(trainer, "keep")
    active = f"[...{RUN}.snapshots.at(-1).active.values].filter((share) => share > 0).length"
    kept, units = trainer.page.evaluate(f"[{active}, {RUN}.snapshots.at(-1).active.values.length]")
    trainer.page.focus("#training_sparsity_weight-input")
    trainer.page.keyboard.press("Home")
    trainer.page.wait_for_function(f"{RUN}.setup.settings.sparsity_weight === 0")
    settle(trainer)
    trainer.page.evaluate(f"{PLAYER}.show(Infinity)")
    step(trainer)
    other = trainer.page.evaluate(active)
    words = trainer.page.locator('#view-training [data-says="compared"]').inner_text()
    assert words == f"λ = 1 and 0 leave {kept} and {other} of {units} units active." and kept < other


def test_figures_are_saved(trainer):
    for of, kind in (("error", "csv"), ("space", "png"), ("error", "svg"), ("code", "svg"), ("space", "svg")):
        with trainer.page.expect_download() as waiting:
            trainer.page.locator(f'#view-training [data-of="{of}"] [data-save="{kind}"]').click()
        path = waiting.value.path()
        if kind == "csv":
            lines = path.read_text().splitlines()
            assert lines[0].startswith("step,training error") and lines[-1].startswith("2000,") and len(lines) > 70
        elif kind == "svg":
            drawn = ElementTree.parse(path).getroot()
            assert len(list(drawn)) > 15 and "NaN" not in path.read_text()
            assert of != "error" or "2,000" in [element.text for element in drawn]
        else:
            corner = np.asarray(Image.open(path).convert("RGB"))[0, 0]
            assert corner.tolist() == [255, 255, 255]


def test_images_of_ones_own_are_trained_on(trainer):
    random, stream = np.random.default_rng(1), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for k in range(10):
            file = io.BytesIO()
            Image.fromarray(random.integers(0, 256, (20, 20, 3), np.uint8)).save(file, "PNG")
            archive.writestr(f"{k}.png", file.getvalue())
    trainer.page.locator("#view-training input[type=file]").set_input_files(
        {"name": "mine.zip", "mimeType": "application/zip", "buffer": stream.getvalue()}
    )
    trainer.page.wait_for_function(f"{RUN}.setup.settings.data === 'custom'")
    settle(trainer)
    assert "10 images at 16×16" in trainer.page.locator('#view-training [data-says="brought"]').inner_text()
    trainer.page.locator('input[name="ae-training_data"][value="s-curve"]').check(force=True)
    settle(trainer)
