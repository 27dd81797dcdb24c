"use strict";
// Tables sort by a button in each heading, and long ones have a box to filter them.
(() => {
  const LONG = 8;
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const shape = /^([+−-]?[\d,]*\.?\d+(?:e[+-]?\d+)?)(?=$|[\s%×])/i;

  // A cell's number; of "0.81 0.77 … 0.85" the first, which the interval is of.
  const number = (text) => {
    const found = shape.exec(text);
    return found ? Number(found[1].replaceAll(",", "").replace("−", "-")) : NaN;
  };
  const text = (row, column) => row.cells[column].textContent.trim();
  const missing = (value) => value === "" || value === "–" || value === "nan";

  const sort = (table, heading) => {
    const column = heading.cellIndex;
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, text: text(row, column) }));
    const present = rows.filter((item) => !missing(item.text));
    const numeric = present.every((item) => !Number.isNaN(number(item.text)));
    const compare = numeric
      ? (a, b) => number(a.text) - number(b.text)
      : (a, b) => collator.compare(a.text, b.text);
    present.sort(descending ? (a, b) => compare(b, a) : compare);
    body.append(...present.map((item) => item.row));
    body.append(...rows.filter((item) => missing(item.text)).map((item) => item.row));
  };

  const addFilter = (table, region) => {
    const rows = [...table.tBodies[0].rows];
    const label = document.createElement("label");
    const of = document.createElement("span");
    const box = document.createElement("input");
    const count = document.createElement("output");
    of.className = "hidden";
    of.textContent = ` ${region.getAttribute("aria-label")} `;
    box.type = "search";
    label.append("Filter", of, " ", box);
    const show = () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const content = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => content.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = `${shown} of ${rows.length} rows`;
    };
    box.addEventListener("input", show);
    show();
    const line = document.createElement("div");
    line.className = "filter";
    line.append(label, count);
    region.before(line);
  };

  for (const region of document.querySelectorAll(".wide")) {
    const table = region.querySelector("table");
    if (!table || !table.tHead || table.tBodies[0].rows.length < 2) continue;
    for (const heading of table.tHead.rows[0].cells) {
      if (heading.classList.contains("unsorted")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sort(table, heading));
      heading.append(button);
    }
    if (table.tBodies[0].rows.length >= LONG) addFilter(table, region);
  }
})();
