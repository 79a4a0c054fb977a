/* Shows who belongs together: what is not tied to the point or line in hand steps back. */
for (const picture of document.querySelectorAll(".portal-network")) {
  const points = [...picture.querySelectorAll("[data-number]")];
  const lines = [...picture.querySelectorAll("[data-ends]")];

  const rest = () => {
    picture.classList.remove("portal-network--looking");
    for (const shape of [...points, ...lines]) shape.classList.remove("is-near");
  };

  const look = (chosen) => {
    rest();
    const touches = (line) =>
      chosen.dataset.number === undefined
        ? line.dataset.ends === chosen.dataset.ends
        : line.dataset.ends.split(" ").includes(chosen.dataset.number);
    const near = new Set([chosen.dataset.number]);
    for (const line of lines.filter(touches)) {
      line.classList.add("is-near");
      for (const end of line.dataset.ends.split(" ")) near.add(end);
    }
    for (const point of points) point.classList.toggle("is-near", near.has(point.dataset.number));
    picture.classList.add("portal-network--looking");
  };

  for (const link of picture.querySelectorAll("a")) {
    link.addEventListener("mouseenter", () => look(link));
    link.addEventListener("focus", () => look(link));
    link.addEventListener("mouseleave", rest);
    link.addEventListener("blur", rest);
  }
}
