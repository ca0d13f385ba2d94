// Light or dark: as the system says, unless the person says otherwise on this device.

const KEPT = "sis-theme";

export const THEMES = ["auto", "light", "dark"];

export function theme() {
  const kept = localStorage.getItem(KEPT);
  return THEMES.includes(kept) ? kept : "auto";
}

export function setTheme(name) {
  localStorage.setItem(KEPT, name);
  applyTheme();
}

export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}
