/* Says each minute that this form is still open, and shows who else has it open. Without it the page says so once. */
"use strict";

(function () {
  const line = document.getElementById("others");
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (!line || !token) {
    return;
  }

  async function say() {
    try {
      const answer = await fetch(line.dataset.presence, {
        method: "POST",
        headers: { "X-CSRFToken": token.value },
        credentials: "same-origin",
      });
      if (answer.ok) {
        const { words } = await answer.json();
        if (line.textContent !== words) {
          line.textContent = words;
        }
        line.classList.toggle("others--none", !words);
      }
    } catch {
      // The network is away: the next minute says it again.
    }
  }

  window.setInterval(say, 60000);
})();
