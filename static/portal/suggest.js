/* Suggests pages while somebody types into a search box: a combobox with a list, by the pattern of the ARIA Authoring
   Practices. Without this script the form works as a form. Nothing is stored; one request a pause, outdated ones end. */
"use strict";

(() => {
  const PAUSE = 250; // milliseconds without a key
  const SHORTEST = 2; // letters

  const boxOf = (form) => {
    const input = form.querySelector("input[type=search]");
    const field = input.parentElement;
    const list = document.createElement("ul");
    const status = document.createElement("p");
    let active = -1;
    let timer = 0;
    let request = null;
    let asked = "";

    list.id = `${input.id}-suggestions`;
    list.className = "portal-suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.label);
    list.hidden = true;
    status.className = "nhsuk-u-visually-hidden";
    status.setAttribute("role", "status");
    field.append(list, status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    const options = () => [...list.children];

    const mark = (position) => {
      active = position;
      options().forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
      if (active < 0) {
        input.removeAttribute("aria-activedescendant");
      } else {
        input.setAttribute("aria-activedescendant", options()[active].id);
        options()[active].scrollIntoView({ block: "nearest" });
      }
    };

    const close = () => {
      clearTimeout(timer);
      request?.abort();
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    };

    const open = () => {
      if (list.children.length) {
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
      }
    };

    const show = (suggestions) => {
      list.replaceChildren(
        ...suggestions.map((suggestion, at) => {
          const option = document.createElement("li");
          const type = document.createElement("span");
          option.id = `${list.id}-${at}`;
          option.className = "portal-suggestions__option";
          option.setAttribute("role", "option");
          option.dataset.address = suggestion.address;
          option.textContent = suggestion.title;
          type.className = "portal-suggestions__type";
          type.textContent = suggestion.type;
          option.append(" ", type);
          return option;
        }),
      );
      mark(-1);
      const count = suggestions.length;
      status.textContent =
        count === 0 ? form.dataset.none : count === 1 ? form.dataset.one : form.dataset.many.replace("#", count);
      if (count) {
        open();
      } else {
        close();
      }
    };

    const ask = async () => {
      const text = input.value.trim();
      if (text.length < SHORTEST) {
        asked = "";
        list.replaceChildren();
        status.textContent = "";
        close();
        return;
      }
      if (text === asked) {
        open();
        return;
      }
      request?.abort();
      request = new AbortController();
      try {
        const address = `${form.dataset.suggest}?${new URLSearchParams({ q: text })}`;
        const response = await fetch(address, { signal: request.signal, credentials: "same-origin" });
        if (response.ok) {
          const { suggestions } = await response.json();
          asked = text;
          if (document.activeElement === input) {
            show(suggestions);
          }
        }
      } catch {
        // An outdated request was ended, or the line is down: the form still works.
      }
    };

    const follow = (option) => {
      close();
      location.assign(option.dataset.address);
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      request?.abort();
      timer = setTimeout(ask, PAUSE);
    });

    input.addEventListener("keydown", (event) => {
      const last = list.children.length - 1;
      const isOpen = !list.hidden;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && last >= 0) {
        event.preventDefault();
        open();
        if (event.altKey) {
          return;
        }
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = active + step;
        mark(next < -1 ? last : next > last ? -1 : next);
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault(); // the first Escape closes the list, the next one empties the box
        close();
      } else if (event.key === "Enter" && isOpen && active >= 0) {
        event.preventDefault();
        follow(options()[active]);
      } else if (event.key === "Tab") {
        close();
      }
    });

    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        follow(option);
      }
    });
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
  };

  document.querySelectorAll("form[data-suggest]").forEach(boxOf);
})();
