// Steps are dragged to another day, or in the day view to another hour. One group's step is moved at once; a step of several
// groups, or one that is not planned yet, opens the page that asks what it means. Keyboards and phones have a link to that page.
(() => {
  const form = document.getElementById("sop-moved");
  if (!form) return;
  let dragged = null;

  const spot = (target) => target.closest?.("[data-drop-day], [data-drop-hour]");

  const goal = (entry, place) => ({
    day: place.dataset.dropDay ?? entry.dataset.day,
    clock: place.dataset.dropHour ? `${place.dataset.dropHour}${entry.dataset.clock.slice(2)}` : entry.dataset.clock,
  });

  const move = (entry, to) => {
    const url = new URL(entry.dataset.move, location.href);
    url.searchParams.set("to_day", to.day);
    url.searchParams.set("to_clock", to.clock);
    if (entry.dataset.groups !== "1") {
      location.assign(url);
      return;
    }
    for (const name of ["launch", "step", "day", "clock", "to_day", "to_clock"]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value: url.searchParams.get(name) });
      form.append(field);
    }
    form.submit();
  };

  const unmark = () => document.querySelectorAll(".sop-drop").forEach((each) => each.classList.remove("sop-drop"));

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-move]") ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.innerText);
    dragged.classList.add("sop-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const place = dragged && spot(event.target);
    unmark();
    if (!place) return;
    event.preventDefault();
    place.classList.add("sop-drop");
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("sop-dragged");
    dragged = null;
    unmark();
  });
  document.addEventListener("drop", (event) => {
    const place = dragged && spot(event.target);
    if (!place) return;
    event.preventDefault();
    const to = goal(dragged, place);
    if (to.day !== dragged.dataset.day || to.clock !== dragged.dataset.clock) move(dragged, to);
  });
})();
