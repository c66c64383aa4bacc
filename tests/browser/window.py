"""A browser window with what every page of ours must keep: it fits, it speaks, nothing inline, nothing complains."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response

SCREENS = Path(__file__).resolve().parent.parent / "screens"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=\"|javascript:", re.I)

FAULTS = r"""() => {
  const faults = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const where = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const words = (e) => (e.getAttribute("aria-label") || e.innerText || e.title || "").trim()
    || [...e.querySelectorAll("[aria-label], img[alt]")].map((c) => c.getAttribute("aria-label") || c.alt).join("").trim();
  const labelled = (e) => e.labels?.length || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby");
  if (document.querySelectorAll("h1").length !== 1) faults.push(`${document.querySelectorAll("h1").length} h1`);
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.querySelector("main")) faults.push("no main");
  let level = 1;
  for (const h of document.querySelectorAll("h1, h2, h3, h4")) {
    if (+h.tagName[1] > level + 1) faults.push(`heading jumps to ${h.tagName}: ${h.innerText}`);
    level = +h.tagName[1];
  }
  for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (shown(e) && !labelled(e)) faults.push(`no label: ${where(e)}`);
  for (const e of document.querySelectorAll("a[href], button, summary"))
    if (shown(e) && !words(e)) faults.push(`no words: ${where(e)}`);
  for (const e of document.querySelectorAll("img:not([alt])")) faults.push(`no alt: ${where(e)}`);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push(`id twice: ${id}`);

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(e) || !shown(e)) continue;
    if (e.closest(".visually-hidden, .skip, canvas, script, option, [disabled]")) continue;
    seen.add(e);
    const style = getComputedStyle(e);
    const [a, b] = [light(rgba(style.color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.6 && +style.fontWeight >= 700);
    const said = walker.currentNode.data.trim().slice(0, 40);
    if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)}: ${said} (${e.className})`);
  }
  return faults;
}"""


class Window:
    """What a test does with a page. `page` is Playwright's own, for everything else."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self.complaints: list[str] = []
        self._expected: set[int] = set()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser's own line about an answer that was not 200; those are judged in `_answered`.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.complaints.append(f"{response.url}: {response.status}")

    def expect(self, *statuses: int) -> Window:
        """From here on these answers are what the test is about."""
        self._expected.update(statuses)
        return self

    def open(self, path: str, status: int = 200) -> Window:
        self.expect(status)
        response = self.page.goto(path if path.startswith("http") else self.server + path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        inline = INLINE.findall(response.text())
        assert not inline, f"{path}: inline {inline}"
        return self

    def evaluate(self, script: str, argument: object = None) -> Any:
        return self.page.evaluate(script, argument)

    def expect_fits(self) -> Window:
        """No sideways scrolling, one h1, labels, words on everything clickable, readable contrast, no id twice."""
        # On a busy machine the document may still be on its way in when the page is said to be there.
        self.page.wait_for_function("() => document.body !== null && document.readyState !== 'loading'")
        too_wide = self.page.evaluate(
            """() => document.documentElement.scrollWidth > innerWidth
                ? [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
                    .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))
                : []"""
        )
        assert not too_wide, f"{self.page.url} is wider than the window: {too_wide}"
        faults = self.page.evaluate(FAULTS)
        assert not faults, f"{self.page.url}: {faults}"
        return self

    def shot(self, name: str) -> Window:
        """Keeps a picture under tests/screens when HUOQUN_SCREENS=1."""
        if os.environ.get("HUOQUN_SCREENS") == "1":
            SCREENS.mkdir(exist_ok=True)
            self.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
        return self
