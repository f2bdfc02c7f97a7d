"use strict";

// ---- data: files -> runs, grouped by title; rounds behind a median stay hidden

const files = JSON.parse(document.getElementById("data").textContent);
const runs = files.flatMap((file) => file.runs).filter((run) => !run.settings.round);
const groups = new Map();
for (const run of runs) {
  if (!groups.has(run.title)) groups.set(run.title, []);
  groups.get(run.title).push(run);
}
const servers = [];
for (const group of groups.values()) {
  const seen = new Map();
  for (const run of group) {
    const times = (seen.get(run.server) || 0) + 1;
    seen.set(run.server, times);
    run.label = times > 1 ? `${run.server} (${times})` : run.server;
    if (!servers.includes(run.label)) servers.push(run.label);
  }
}
const color = (run) => `var(--c${servers.indexOf(run.label) % 6})`;
const figure = (run, key) => run.figures.find((f) => f.key === key);
const find = (run, test) => run.figures.find((f) => test(f.key));

// ---- small helpers

function element(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "text", "g", "rect", "circle"].includes(name);
  const made = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function short(value) {
  const size = Math.abs(value);
  if (size >= 1e9) return trim(value / 1e9) + " G";
  if (size >= 1e6) return trim(value / 1e6) + " M";
  if (size >= 1e4) return trim(value / 1e3) + " k";
  return trim(value);
}

function trim(value) {
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

function time(us) {
  if (us >= 1e6) return trim(us / 1e6) + " s";
  if (us >= 1e3) return trim(us / 1e3) + " ms";
  return trim(us) + " µs";
}

// ---- charts: one function, three uses

const tip = element("div", { class: "tip" });
document.body.append(tip);

/** series: [{label, color, points: [[x, y]]}]; x and y: {map, ticks, text}. */
function chart(title, series, options, corner) {
  const width = 560, height = 250, left = 58, right = 12, top = 12, bottom = 30;
  const drawn = series.filter((one) => one.points.length > 0);
  if (drawn.length === 0) return null;
  const all = drawn.flatMap((one) => one.points);
  const scale = options(all);
  const px = (x) => left + scale.x(x) * (width - left - right);
  const py = (y) => height - bottom - scale.y(y) * (height - top - bottom);
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title });
  for (const y of scale.yTicks) {
    svg.append(
      element("line", { class: "grid-line", x1: left, x2: width - right, y1: py(y), y2: py(y) }),
      element("text", { x: left - 8, y: py(y) + 4, "text-anchor": "end" }, scale.yText(y)));
  }
  for (const x of scale.xTicks) {
    svg.append(
      element("text", { x: px(x), y: height - 10, "text-anchor": "middle" }, scale.xText(x)));
  }
  svg.append(element("line", { class: "axis", x1: left, x2: width - right, y1: py(scale.yTicks[0]),
    y2: py(scale.yTicks[0]) }));
  for (const one of drawn) {
    const line = one.points
      .map(([x, y], i) => `${i ? "L" : "M"}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join("");
    svg.append(element("path", { d: line, style: `--color:${one.color}` }));
    if (one.points.length < 20) {
      for (const [x, y] of one.points) {
        svg.append(element("circle", { cx: px(x), cy: py(y), r: 2.5, style: `--color:${one.color}` }));
      }
    }
  }
  const cursor = element("line", { class: "cursor", y1: top, y2: height - bottom });
  svg.append(cursor);
  hover(svg, cursor, drawn, scale, px, width);
  const legend = element("div", { class: "legend" }, ...drawn.map((one) =>
    element("span", { style: `--color:${one.color}` }, element("i"), one.label)));
  return element("div", { class: "card" }, corner, element("h3", {}, title), svg, legend);
}

function hover(svg, cursor, series, scale, px, width) {
  svg.addEventListener("pointerleave", () => {
    tip.style.display = "none";
    cursor.style.visibility = "hidden";
  });
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * width;
    let best = null;
    for (const one of series) {
      for (const [x] of one.points) {
        if (best === null || Math.abs(px(x) - at) < Math.abs(px(best) - at)) best = x;
      }
    }
    cursor.setAttribute("x1", px(best));
    cursor.setAttribute("x2", px(best));
    cursor.style.visibility = "visible";
    tip.replaceChildren(element("b", {}, scale.xTip(best)));
    for (const one of series) {
      const near = one.points.reduce((a, b) => (Math.abs(b[0] - best) < Math.abs(a[0] - best) ? b : a));
      tip.append(element("div", { style: `color:${one.color}` }, `${one.label}  ${scale.yText(near[1])}`));
    }
    tip.style.display = "block";
    const over = event.clientX + 180 > window.innerWidth;
    tip.style.left = `${over ? event.clientX - tip.offsetWidth - 14 : event.clientX + 14}px`;
    tip.style.top = `${event.clientY + 14}px`;
  });
}

function niceTicks(most) {
  const rough = most / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((m) => m >= rough);
  const ticks = [];
  for (let i = 0; i * step < most + step * 0.999; i++) ticks.push(i * step);
  return ticks;
}

/** Percentiles on a logarithmic scale: 90, 99 and 99.9 are equally far apart. */
function percentileScale(all) {
  const rare = (q) => Math.log10(1 / (1 - Math.min(q, 0.99999)));
  const values = all.map((p) => p[1]).filter((v) => v > 0);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...values))), low + 1);
  const ticks = [];
  for (let e = low; e <= high; e++) ticks.push(10 ** e);
  return {
    x: (q) => rare(q) / 5,
    y: (us) => (Math.log10(Math.max(us, 10 ** low)) - low) / (high - low),
    xTicks: [0, 0.5, 0.9, 0.99, 0.999, 0.9999],
    yTicks: ticks,
    xText: (q) => (q === 0 ? "min" : "p" + +(q * 100).toFixed(3)),
    xTip: (q) => (q === 0 ? "min" : q === 1 ? "max" : "p" + +(q * 100).toFixed(3)),
    yText: time,
  };
}

function timeScale(text, ceiling) {
  return (all) => {
    const most = Math.max(ceiling || 0, ...all.map((p) => p[1]));
    const last = Math.max(1, ...all.map((p) => p[0]));
    const ticks = niceTicks(most);
    const seconds = niceTicks(last).filter((s) => s <= last);
    return {
      x: (s) => s / last,
      y: (v) => v / ticks.at(-1),
      xTicks: seconds,
      yTicks: ticks,
      xText: (s) => trim(s) + " s",
      xTip: (s) => `after ${trim(s)} s`,
      yText: text,
    };
  };
}

// ---- one section per group of runs with the same title

function section(title, group, index) {
  const made = element("section", { id: `g${index}` }, element("h2", {}, title));
  for (const run of group) {
    const who = group.length > 1 ? `${run.label}: ` : "";
    run.failures.forEach((text) => made.append(element("p", { class: "say bad" }, who + text)));
    run.remarks.forEach((text) => made.append(element("p", { class: "say note" }, who + text)));
  }
  made.append(element("div", { class: group.length > 1 ? "tiles" : "tiles solo" }, ...group.map(tile)));
  const cards = element("div", { class: "grid" });
  cards.append(...[
    group.length > 1 ? comparison(group) : null,
    latencyCard(group),
    overTime("Throughput", group, (p) => p.rate, timeScale((v) => short(v) + "/s")),
    overTime("p99 latency over time", group.filter((r) => r.latencies.length), (p) => p.p99Us,
      timeScale(time)),
    busyCard(group),
  ].filter((card) => card));
  if (cards.children.length > 0) made.append(cards);
  made.append(figures(group), settings(group));
  return made;
}

function mainFigures(run) {
  const cost = find(run, (key) => /^server_cpu_us_per_/.test(key));
  const rate = find(run, (key) => /_per_second$/.test(key));
  const memory = figure(run, "rss_bytes_per_connection");
  const heap = figure(run, "heap_bytes_per_connection");
  const p50 = find(run, (key) => /_p50_us$/.test(key));
  const p99 = find(run, (key) => /_p99_us$/.test(key));
  return [memory, heap, rate, cost, p50, p99].filter((f) => f).slice(0, 5);
}

function tile(run) {
  const list = element("dl");
  mainFigures(run).forEach((f, i) =>
    list.append(element("div", {}, element("dt", {}, f.title),
      element("dd", i === 0 ? { class: "big" } : {}, f.text, range(f)))));
  const bad = run.failures.length > 0;
  return element("div", { class: "card tile", style: `--color:${color(run)}` },
    element("div", { class: "name" }, run.label,
      element("span", { class: `verdict ${bad ? "bad" : "good"}` }, bad ? "failed" : "passed")),
    list, goals(run));
}

/** Goals and whether they were met; only results of `compare` have goals. */
function goals(run) {
  if (!run.goals) return null;
  return element("ul", { class: "goals" }, ...run.goals.map((goal) => {
    const f = figure(run, goal.key);
    return element("li", { class: goal.met ? "good" : "bad" },
      element("span", {}, f?.title ?? goal.key),
      element("span", {}, `${f?.text ?? "unknown"}, goal ${goal.bound}: `,
        element("b", {}, goal.met ? "met" : "missed")));
  }));
}

function comparison(group) {
  const card = element("div", { class: "card" }, element("h3", {}, "Side by side"));
  for (const model of mainFigures(group[0])) {
    const rows = group.map((run) => [run, figure(run, model.key)]).filter(([, f]) => f);
    const most = Math.max(...rows.map(([, f]) => f.value));
    const base = rows[0][1].value;
    const more = /per_second$/.test(model.key) ? "higher is better" : "lower is better";
    card.append(element("div", { class: "group" }, `${model.title} · ${more}`));
    rows.forEach(([run, f], i) => card.append(element("div", { class: "bar", style: `--color:${color(run)}` },
      element("span", { class: "label", title: run.label }, run.label),
      element("span", { class: "track" }, element("div", { class: "fill", style: `width:${(100 * f.value) / most}%` })),
      element("span", { class: "value" }, f.text + " ",
        element("small", {}, i === 0 || base === 0 ? "" : `×${trim(f.value / base)}`)))));
  }
  return card;
}

function latencyCard(group) {
  const names = [...new Set(group.flatMap((run) => run.latencies.map((l) => l.name)))];
  if (names.length === 0) return null;
  const holder = element("div");
  const show = (name) => {
    const series = group.map((run) => {
      const latency = run.latencies.find((l) => l.name === name);
      return { label: run.label, color: color(run),
        points: latency ? latency.points.map((p) => [p.quantile, p.us]) : [] };
    });
    const tabs = element("div", { class: "tabs" }, ...(names.length < 2 ? [] : names.map((other) =>
      element("button", { type: "button", "aria-pressed": other === name, onclick: () => show(other) },
        other))));
    holder.replaceChildren(chart(`Latency by percentile: ${name}`, series, percentileScale, tabs));
  };
  show(names[0]);
  return holder;
}

function overTime(title, group, value, scale) {
  return chart(title, group.map((run) => ({ label: run.label, color: color(run),
    points: run.timeline.map((p) => [p.second, value(p)]) })), scale);
}

function busyCard(group) {
  const many = group.length > 1;
  const series = group.flatMap((run, i) => [
    { label: many ? `${run.label}, server` : "server", color: color(run),
      points: run.timeline.filter((p) => p.serverPercent > 0).map((p) => [p.second, p.serverPercent]) },
    ...(many ? [] : [{ label: "generator", color: "var(--soft)",
      points: run.timeline.map((p) => [p.second, p.generatorPercent]) }]),
  ]);
  return chart("Busy, percent of a core", series, timeScale((v) => trim(v) + " %", 100));
}

/** The least and the greatest value of the rounds behind a median. */
function range(f) {
  return f?.range ? element("small", { class: "range", title: "least and greatest of all rounds" }, f.range) : null;
}

function figures(group) {
  const keys = [...new Set(group.flatMap((run) => run.figures.map((f) => f.key)))];
  const table = element("table", {}, element("tr", {}, element("th", {}, "Figure"),
    ...group.map((run) => element("th", {}, run.label))));
  for (const key of keys) {
    const title = group.map((run) => figure(run, key)).find((f) => f).title;
    const inner = title.startsWith("  ");
    table.append(element("tr", {}, element("td", inner ? { class: "in" } : {}, title.trim()),
      ...group.map((run) => element("td", {}, figure(run, key)?.text ?? "–", range(figure(run, key))))));
  }
  return element("details", { class: "card", open: "" }, element("summary", {}, "All figures"),
    element("div", { class: "scroll" }, table));
}

function settings(group) {
  const run = group[0];
  const table = element("table", {}, ...Object.entries({ scenario: run.scenario, ...run.settings,
    started: run.startedAt }).map(([key, value]) =>
    element("tr", {}, element("td", {}, key), element("td", {}, value))));
  return element("details", { class: "card" }, element("summary", {}, "Settings"),
    element("div", { class: "scroll" }, table));
}

/** Where the results come from: one table for each file. */
function environment(file) {
  const rows = Object.entries(file.environment ?? {});
  if (rows.length === 0) return null;
  const table = element("table", {}, ...rows.map(([key, value]) =>
    element("tr", {}, element("td", {}, key), element("td", {}, value))));
  return element("details", { class: "card environment" }, element("summary", {}, "Environment"),
    element("div", { class: "scroll" }, table));
}

/** With several sections: a table of contents that is also the summary. */
function contents() {
  const names = servers;
  const table = element("table", {}, element("tr", {}, element("th", {}, "Load"),
    ...names.map((name) => element("th", {}, name))));
  [...groups].forEach(([title, group], index) => {
    const cells = names.map((name) => {
      const run = group.find((one) => one.label === name);
      const main = run ? find(run, (key) => /^server_cpu_us_per_/.test(key)) ?? mainFigures(run)[0] : null;
      const rate = run ? find(run, (key) => /_per_second$/.test(key)) : null;
      const missed = (run?.goals ?? []).filter((goal) => !goal.met).length;
      return element("td", { title: main ? main.title : "" },
        [main?.text, rate?.text].filter((t) => t).join(" · ") || "–",
        run?.goals ? element("span", { class: `verdict ${missed ? "bad" : "good"}` },
          missed ? `${run.goals.length - missed} of ${run.goals.length} goals met` : "all goals met") : null);
    });
    table.append(element("tr", {}, element("td", {}, element("a", { href: `#g${index}` }, title)), ...cells));
  });
  return element("nav", { class: "card scroll" }, table);
}

// ---- theme: the system's, until the button is used

const root = document.documentElement;
const wantsDark = matchMedia("(prefers-color-scheme: dark)");
const apply = (dark) => (root.dataset.theme = dark ? "dark" : "light");
apply(wantsDark.matches);
wantsDark.addEventListener("change", (event) => apply(event.matches));
document.getElementById("theme").addEventListener("click", () => apply(root.dataset.theme !== "dark"));

// ---- the page

const main = document.getElementById("main");
document.getElementById("about").textContent =
  [...new Set(runs.map((run) => run.startedAt.slice(0, 10)))].join(", ") +
  ` · ${runs.length} run${runs.length === 1 ? "" : "s"}`;
if (groups.size > 1) main.append(contents());
[...groups].forEach(([title, group], index) => main.append(section(title, group, index)));
main.append(...files.map(environment).filter((card) => card));
