// Before the first paint: the theme chosen here, else the system's.
(() => {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => {
    const own = localStorage.getItem("huoqun-theme");
    return own === "light" || own === "dark" ? own : system.matches ? "dark" : "light";
  };
  const apply = () => {
    document.documentElement.setAttribute("data-bs-theme", wanted());
    document.dispatchEvent(new Event("huoqun:theme"));
  };
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const next = wanted() === "dark" ? "light" : "dark";
    // Whoever comes back to what the system says follows the system again.
    if (next === (system.matches ? "dark" : "light")) localStorage.removeItem("huoqun-theme");
    else localStorage.setItem("huoqun-theme", next);
    apply();
  });
  apply();
})();
