// Small behaviours of every page. Nothing here is needed to read a page or to send a form.
(() => {
  const once = (element, mark) => !element.dataset[mark] && (element.dataset[mark] = "1");

  // What went well goes away by itself; what went wrong stays until it is closed.
  const readToasts = (root) => {
    for (const toast of root.querySelectorAll(".toast.show")) {
      if (!once(toast, "seen")) continue;
      const fleeting = !["error", "warning"].includes(toast.dataset.level);
      window.tabler?.Toast.getOrCreateInstance(toast, { autohide: fleeting, delay: 8000 }).show();
    }
  };

  const closeExplanations = (event) => {
    for (const open of document.querySelectorAll("details.explain[open], details.menu[open]")) {
      if (event.type === "keydown" ? event.key === "Escape" : !open.contains(event.target)) open.open = false;
    }
  };

  // A select or a search box in a list's filters asks again by itself.
  const askAgain = (event) => {
    const form = event.target.closest?.("form[data-ask-again]");
    if (form && !event.target.closest("[data-wait]")) form.requestSubmit();
  };

  const copyText = async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    source.select?.();
    await navigator.clipboard?.writeText(source.value ?? source.textContent);
    button.textContent = button.dataset.copied;
  };

  document.addEventListener("click", closeExplanations);
  document.addEventListener("keydown", closeExplanations);
  document.addEventListener("change", askAgain);
  document.addEventListener("click", copyText);
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  document.addEventListener("DOMContentLoaded", () => readToasts(document));
  document.addEventListener("htmx:afterSettle", () => readToasts(document));

  // Which rows of a list are ticked, and whether the whole filtered list is meant.
  document.addEventListener("alpine:init", () => {
    window.Alpine.data("selection", () => ({
      count: 0,
      whole: false,
      boxes() {
        return [...this.$root.querySelectorAll('input[name="rows"]')];
      },
      recount() {
        const boxes = this.boxes();
        this.count = boxes.filter((box) => box.checked).length;
        if (this.count < boxes.length) this.whole = false;
        const all = this.$root.querySelector("[data-tick-all]");
        all.checked = this.count > 0 && this.count === boxes.length;
        all.indeterminate = this.count > 0 && this.count < boxes.length;
      },
      tickAll(event) {
        for (const box of this.boxes()) box.checked = event.target.checked;
        this.recount();
      },
      get chosen() {
        return this.count > 0;
      },
      get full() {
        return this.count > 0 && this.count === this.boxes().length;
      },
    }));
  });
})();
