/* Zoom and pan on a map: buttons, Ctrl and the wheel, dragging, two fingers, the keyboard. Without this script the links
   of the map zoom; with it the page still scrolls as always: one finger and the bare wheel are left to it. */
(() => {
  const MOST = 12; // times
  const STEP = 1.6; // times as large, for a press of a button
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  class ZoomableMap {
    constructor(figure) {
      this.figure = figure;
      this.drawing = figure.querySelector("[data-map-drawing]");
      const [, , width, height] = this.drawing.getAttribute("viewBox").split(" ").map(Number);
      Object.assign(this, { width, height, x: 0, y: 0, zoom: 1, fingers: new Map(), hasMoved: false });
      this.fixed = [...figure.querySelectorAll("[data-map-fixed]")].map((mark) => [mark, mark.getAttribute("transform")]);
      this.addButtons();
      this.listen();
      this.draw();
    }

    addButtons() {
      const { dataset } = this.figure;
      const buttons = document.createElement("div");
      buttons.className = "portal-map__buttons";
      const button = (text, label, press) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "portal-map__button";
        made.textContent = text;
        made.setAttribute("aria-label", label);
        made.addEventListener("click", press);
        buttons.append(made);
        return made;
      };
      this.closer = button("+", dataset.in, () => this.glide(STEP));
      this.further = button("−", dataset.out, () => this.glide(1 / STEP));
      this.reset = button(dataset.reset, dataset.reset, () => this.glide(1 / this.zoom));
      this.reset.classList.add("portal-map__button--words");
      const hint = document.createElement("p");
      hint.className = "portal-map__hint";
      hint.textContent = dataset.hint;
      buttons.append(hint);
      this.figure.append(buttons);
    }

    listen() {
      const { drawing, figure } = this;
      drawing.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.scale(Math.exp(-event.deltaY / 300), this.place(event));
      }, { passive: false });
      drawing.addEventListener("pointerdown", (event) => this.press(event));
      drawing.addEventListener("pointermove", (event) => this.move(event));
      for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
        drawing.addEventListener(name, (event) => this.lift(event));
      }
      drawing.addEventListener("dragstart", (event) => event.preventDefault());
      // A drag that ends on a link does not follow it.
      drawing.addEventListener("click", (event) => {
        if (this.hasMoved) event.preventDefault();
        this.hasMoved = false;
      }, true);
      drawing.addEventListener("touchmove", (event) => {
        if (event.touches.length > 1) event.preventDefault();
      }, { passive: false });
      figure.addEventListener("keydown", (event) => this.key(event));
      drawing.addEventListener("focusin", (event) => this.bringIntoView(event.target));
    }

    /* Where a pointer is on the paper. */
    place(event) {
      const box = this.drawing.getBoundingClientRect();
      return {
        x: this.x + ((event.clientX - box.left) / box.width) * (this.width / this.zoom),
        y: this.y + ((event.clientY - box.top) / box.height) * (this.height / this.zoom),
      };
    }

    press(event) {
      this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (this.fingers.size === 1) this.hasMoved = false;
      cancelAnimationFrame(this.frame);
    }

    move(event) {
      const before = this.fingers.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      const perPixel = this.width / this.zoom / this.drawing.getBoundingClientRect().width;
      if (this.fingers.size === 2) {
        const [other] = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
        const apart = (at) => Math.hypot(at.x - other.x, at.y - other.y) || 1;
        this.hasMoved = true;
        this.scale(apart(now) / apart(before), this.place({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 }));
        this.shift((before.x - now.x) * perPixel / 2, (before.y - now.y) * perPixel / 2);
      } else if (event.pointerType === "mouse" && this.zoom > 1) {
        if (!this.hasMoved && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
        this.hasMoved = true;
        this.shift((before.x - now.x) * perPixel, (before.y - now.y) * perPixel);
      }
      this.fingers.set(event.pointerId, now);
    }

    lift(event) {
      this.fingers.delete(event.pointerId);
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = this.width / this.zoom / 8;
      const acts = {
        "+": () => this.glide(STEP),
        "=": () => this.glide(STEP),
        "-": () => this.glide(1 / STEP),
        0: () => this.glide(1 / this.zoom),
      };
      // The arrows scroll the page until the map is larger than its frame.
      if (this.zoom > 1) {
        Object.assign(acts, {
          ArrowLeft: () => this.shift(-step, 0),
          ArrowRight: () => this.shift(step, 0),
          ArrowUp: () => this.shift(0, -step),
          ArrowDown: () => this.shift(0, step),
        });
      }
      const act = acts[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    }

    /* What has the focus is moved into the frame. */
    bringIntoView(target) {
      if (this.zoom <= 1) return;
      const [frame, box] = [this.drawing.getBoundingClientRect(), target.getBoundingClientRect()];
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (x >= frame.left && x <= frame.right && y >= frame.top && y <= frame.bottom) return;
      const perPixel = this.width / this.zoom / frame.width;
      this.shift((x - (frame.left + frame.right) / 2) * perPixel, (y - (frame.top + frame.bottom) / 2) * perPixel);
    }

    /* Zoom by a factor about the middle, in small steps where the reader has nothing against motion. */
    glide(factor) {
      const middle = { x: this.x + this.width / this.zoom / 2, y: this.y + this.height / this.zoom / 2 };
      const goal = Math.min(MOST, Math.max(1, this.zoom * factor));
      cancelAnimationFrame(this.frame);
      if (still.matches) {
        this.scale(goal / this.zoom, middle);
        return;
      }
      const start = this.zoom;
      const began = performance.now();
      const step = (now) => {
        const share = Math.min(1, Math.max(0, (now - began) / 200));
        this.scale((start * (goal / start) ** share) / this.zoom, middle);
        if (share < 1) this.frame = requestAnimationFrame(step);
      };
      this.frame = requestAnimationFrame(step);
    }

    scale(factor, about) {
      const zoom = Math.min(MOST, Math.max(1, this.zoom * factor));
      this.x = about.x - ((about.x - this.x) * this.zoom) / zoom;
      this.y = about.y - ((about.y - this.y) * this.zoom) / zoom;
      this.zoom = zoom;
      this.draw();
    }

    shift(right, down) {
      this.x += right;
      this.y += down;
      this.draw();
    }

    draw() {
      const [width, height] = [this.width / this.zoom, this.height / this.zoom];
      this.x = Math.min(this.width - width, Math.max(0, this.x));
      this.y = Math.min(this.height - height, Math.max(0, this.y));
      this.drawing.setAttribute("viewBox", `${this.x} ${this.y} ${width} ${height}`);
      // Markers and names keep their size.
      for (const [mark, place] of this.fixed) mark.setAttribute("transform", `${place} scale(${1 / this.zoom})`);
      this.further.setAttribute("aria-disabled", this.zoom <= 1.001);
      this.closer.setAttribute("aria-disabled", this.zoom >= MOST - 0.001);
      this.reset.hidden = this.zoom <= 1.001;
      this.drawing.classList.toggle("portal-map__drawing--large", this.zoom > 1.001);
    }
  }

  document.querySelectorAll("[data-map]").forEach((figure) => new ZoomableMap(figure));
})();
