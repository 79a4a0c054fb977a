/* Names for the boxes of the admin that have none: look-ups by typing, and boxes in the rows of a table. */
"use strict";

(function () {
  /** What a box is called: its label, or the heading of its column. */
  function nameOf(box) {
    const label = box.id && document.querySelector(`label[for="${box.id}"]`);
    if (label) {
      return label.textContent.trim().replace(/:$/, "");
    }
    const cell = box.closest("td");
    const table = cell && cell.closest("table");
    const heading = table && table.tHead && table.tHead.rows[0].cells[cell.cellIndex];
    return heading ? heading.textContent.trim() : "";
  }

  function nameBoxes(part) {
    part.querySelectorAll("td input, td select, td textarea").forEach((box) => {
      const name = nameOf(box);
      if (name && box.type !== "hidden" && !box.labels.length && !box.hasAttribute("aria-label")) {
        box.setAttribute("aria-label", name);
      }
    });
    part.querySelectorAll("select.admin-autocomplete").forEach((box) => {
      const lookUp = box.nextElementSibling;
      if (lookUp && lookUp.classList.contains("select2")) {
        const name = nameOf(box);
        lookUp.querySelectorAll('[role="combobox"], [role="textbox"], .select2-search__field').forEach((field) => {
          field.setAttribute("aria-label", name);
          field.removeAttribute("aria-labelledby");
        });
      }
    });
  }

  // The look-ups are made by a script of Django's, at the start and for each row that is added.
  let isWaiting = false;
  new MutationObserver(() => {
    if (!isWaiting) {
      isWaiting = true;
      window.requestAnimationFrame(() => {
        isWaiting = false;
        nameBoxes(document);
      });
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
  nameBoxes(document);
})();
