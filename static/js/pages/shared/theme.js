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

  // The menu of a phone: a second tap, a tap beside it, Escape and a choice close it.

  const menu = () => document.getElementById("menu");
  const isOpen = () => menu()?.hasAttribute("data-open") ?? false;

  const openMenu = (/** @type {boolean} */ open) => {
    menu()?.toggleAttribute("data-open", open);
    document.querySelector("[data-part=menu]")?.setAttribute("aria-expanded", String(open));
  };

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-part=menu]")) openMenu(!isOpen());
    else if (isOpen() && (!target.closest("#menu") || target.closest("a, button"))) openMenu(false);
  });
  document.addEventListener("change", (event) => {
    if (isOpen() && /** @type {Element} */ (event.target).closest("#menu")) openMenu(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    event.preventDefault(); // and so the page does not take it for its own Escape
    openMenu(false);
    /** @type {HTMLElement | null} */ (document.querySelector("[data-part=menu]"))?.focus();
  });
}
