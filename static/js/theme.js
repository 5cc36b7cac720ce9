// Light or dark, before anything is drawn: what was chosen, else what the system prefers. A classic script in the head, so
// that no page flashes in the wrong colours; pages hear of a change by the event "themechange".

{
  const KEY = "layerscope-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be forbidden
    }
  };

  const apply = () => {
    root.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
    document.dispatchEvent(new Event("themechange"));
  };

  system.addEventListener("change", apply);
  apply();

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest("[data-theme-switch]")) return;
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, next);
    } catch {
      root.dataset.theme = next;
    }
    apply();
  });

  document.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-part=menu]");
    const menu = document.getElementById("menu");
    if (!button || !menu) return;
    const open = menu.toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
  });
}
