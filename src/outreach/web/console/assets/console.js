// What every page does: tell when the session is over, and let the keyboard move through lists.
"use strict";

// Signed in again in another tab, the page goes on by itself.
document.addEventListener("htmx:afterRequest", (event) => {
  document.getElementById("session-over").hidden = event.detail.xhr.status !== 401;
});

// A picture that is wider than the window is first seen where it begins.
function showBeginnings() {
  document.querySelectorAll("[data-begins]").forEach((wide) => {
    wide.scrollLeft = Number(wide.dataset.begins) - wide.clientWidth / 2;
  });
}
document.addEventListener("DOMContentLoaded", showBeginnings);
window.addEventListener("resize", showBeginnings);

// j and k move through the rows of a list, Enter opens one, / goes to the search, Escape leaves a field, and whatever
// has a data-key is reached by it: a field is entered, a box ticked, a button pressed.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])");
  if (event.key === "Escape" && typing) {
    typing.blur();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing) {
    return;
  }
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const move = { j: 1, k: -1 }[event.key];
  if (move && rows.length) {
    const next = rows[Math.min(Math.max(here + move, 0), rows.length - 1)];
    (next.matches("a, button") ? next : next.querySelector("a, button")).focus();
    event.preventDefault();
  } else if (event.key === "/" && document.querySelector("[data-search]")) {
    document.querySelector("[data-search]").focus();
    event.preventDefault();
  } else {
    const shortcut = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (shortcut) {
      shortcut.focus();
      if (shortcut.matches("a, button, [type=checkbox]")) {
        shortcut.click();
      }
      event.preventDefault();
    }
  }
});

// A choice that is its own submit: the filter of a list, say.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) {
    event.target.form.requestSubmit();
  }
});

// What refreshes itself waits while somebody works in it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (part.matches?.("[data-keep-focus]") && part.contains(document.activeElement)) {
    event.detail.shouldSwap = false;
  }
});
