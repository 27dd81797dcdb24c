"use strict";
// Plots show what is under the pointer, or under the arrow keys. The library is packed in the page.
(async () => {
  const packed = document.getElementById("vega");
  const bytes = Uint8Array.from(atob(packed.textContent.trim()), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  document.head.append(script);

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const config = () => {
    const style = getComputedStyle(document.documentElement);
    const [text, faint, line] = ["--text", "--faint", "--line"].map((name) =>
      style.getPropertyValue(name).trim(),
    );
    const font = "system-ui, sans-serif";
    return {
      background: "transparent",
      font,
      axis: { labelColor: text, titleColor: text, gridColor: line, domainColor: faint,
        tickColor: faint, gridOpacity: 0.6, labelFontSize: 12, titleFontSize: 13 },
      legend: { labelColor: text, titleColor: text, labelFontSize: 12, symbolOpacity: 1 },
      title: { color: text, anchor: "start", fontSize: 15 },
      view: { stroke: null },
    };
  };
  const shown = (value) =>
    typeof value === "number" ? value.toLocaleString("en", { maximumSignificantDigits: 5 }) : value;

  const draw = async (figure) => {
    const { columns, rows: packedRows, spec } = JSON.parse(figure.querySelector("script").textContent);
    const rows = packedRows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i], value])));
    spec.datasets.points = rows;
    const live = figure.querySelector(".live");
    const point = figure.querySelector(".point");
    let at = -1;
    let view;
    const embed = async () => {
      view?.finalize();
      const theme = dark.matches ? "dark" : "light";
      const options = { actions: false, renderer: "canvas", config: config(), tooltip: { theme } };
      view = (await vegaEmbed(live.firstElementChild, structuredClone(spec), options)).view;
      if (at >= 0) await view.signal("picked", at).runAsync();
    };
    live.hidden = false;
    figure.classList.add("live-now");
    await embed();
    live.addEventListener("keydown", (event) => {
      const last = rows.length - 1;
      const next = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1,
        PageUp: at + 10, PageDown: at - 10, Home: 0, End: last }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      at = Math.min(last, Math.max(0, next));
      const said = spec.usermeta.fields
        .map(({ field, title }) => `${title} ${shown(rows[at][field])}`)
        .join(", ");
      point.textContent = said;
      live.setAttribute("aria-valuenow", at);
      live.setAttribute("aria-valuetext", said);
      view.signal("picked", at).run();
    });
    dark.addEventListener("change", embed);
  };
  await Promise.all([...document.querySelectorAll("figure.plot")].map(draw));
  document.documentElement.dataset.plots = "drawn";
})();
