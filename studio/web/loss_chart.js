// The loss of a run: each step faint, smoothed on top, held-out loss dashed, the base model as a dotted line.
const SPACE = { left: 46, right: 10, top: 10, bottom: 22 };
const SVG = "http://www.w3.org/2000/svg";

export default function (component) {
  const { data, parentElement } = component;
  let chart = parentElement.querySelector(".chart");
  if (!chart) {
    chart = document.createElement("div");
    chart.className = "chart";
    parentElement.appendChild(chart);
    chart.observer = new ResizeObserver(() => draw(chart));
    chart.observer.observe(chart);
  }
  chart.data = data;
  draw(chart);
  return () => chart.observer.disconnect();
}

function draw(chart) {
  const data = chart.data;
  const width = chart.clientWidth;
  if (!data || !width) return;
  const height = data.height || 260;
  const scale = scales(data, width, height);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": "Loss by step" });
  axes(svg, scale, width, height, data.total);
  if (data.base != null) line(svg, "base", SPACE.left, scale.y(data.base), width - SPACE.right, scale.y(data.base));
  path(svg, "raw", data.losses, scale);
  path(svg, "smooth", data.smooth, scale);
  path(svg, "held", data.held, scale);
  marks(svg, data, scale);
  const cursor = line(svg, "cursor", 0, SPACE.top, 0, height - SPACE.bottom);
  const key = legend(data);
  chart.replaceChildren(svg, key);
  follow(svg, cursor, key.querySelector(".read"), data, scale, width);
}

function scales(data, width, height) {
  const values = [...data.smooth, ...data.held].map((point) => point[1]);
  const inner = middle(data.losses.map((point) => point[1]));
  const all = [...values, ...inner, ...(data.base != null ? [data.base] : [])].filter(Number.isFinite);
  let low = all.length ? Math.min(...all) : 0;
  let high = all.length ? Math.max(...all) : 1;
  const room = (high - low) * 0.08 || high * 0.1 || 0.1;
  low = Math.max(0, low - room);
  high += room;
  const end = Math.max(data.total, 1);
  return {
    low, high, end,
    x: (step) => SPACE.left + (step / end) * (width - SPACE.left - SPACE.right),
    y: (value) => SPACE.top + (1 - (clamp(value, low, high) - low) / (high - low)) * (height - SPACE.top - SPACE.bottom),
  };
}

// Single steps jump; the scale follows the middle 96 % of them so that one outlier does not flatten the curve.
function middle(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length * 0.02);
  return sorted.slice(cut, sorted.length - cut);
}

function axes(svg, scale, width, height, total) {
  for (const value of ticks(scale.low, scale.high)) {
    const y = scale.y(value.number);
    line(svg, "grid", SPACE.left, y, width - SPACE.right, y);
    text(svg, SPACE.left - 8, y + 4, value.text, "end");
  }
  const between = ticks(0, Math.max(total, 4)).map((tick) => tick.number);
  const marks = between.filter((step) => Number.isInteger(step) && step && total - step > total * 0.06);
  [0, ...marks, total].forEach((step) => {
    const anchor = step === 0 ? "start" : step === total ? "end" : "middle";
    text(svg, scale.x(step), height - 6, String(step), anchor);
  });
}

function ticks(low, high) {
  const wanted = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= wanted);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
    found.push({ number: value, text: value.toFixed(digits) });
  }
  return found;
}

function marks(svg, data, scale) {
  data.held.forEach(([step, value]) => {
    const best = step === data.best;
    const dot = make("circle", { cx: scale.x(step), cy: scale.y(value), r: best ? 5 : 2.5, class: best ? "best" : "dot" });
    svg.appendChild(dot);
  });
}

function legend(data) {
  const key = document.createElement("div");
  key.className = "key";
  key.append(entry("", "training loss, smoothed"));
  if (data.held.length) key.append(entry("h", "held-out pictures"));
  if (data.base != null) key.append(entry("b", "base model on the same pictures"));
  const read = document.createElement("span");
  read.className = "read";
  key.append(read);
  return key;
}

function entry(kind, words) {
  const part = document.createElement("span");
  part.className = kind;
  part.append(document.createElement("i"), words);
  return part;
}

function follow(svg, cursor, read, data, scale, width) {
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const share = (event.clientX - box.left - SPACE.left) / (width - SPACE.left - SPACE.right);
    const step = Math.round(clamp(share, 0, 1) * scale.end);
    const trained = nearest(data.smooth, step);
    const held = nearest(data.held, step);
    if (!trained) return;
    cursor.setAttribute("x1", scale.x(trained[0]));
    cursor.setAttribute("x2", scale.x(trained[0]));
    cursor.style.visibility = "visible";
    read.textContent = `step ${trained[0]} · ${trained[1].toFixed(4)}` + (held ? ` · held-out ${held[1].toFixed(4)} at ${held[0]}` : "");
  });
  svg.addEventListener("pointerleave", () => {
    cursor.style.visibility = "hidden";
    read.textContent = "";
  });
}

function nearest(points, step) {
  return points.reduce((best, point) => (!best || Math.abs(point[0] - step) < Math.abs(best[0] - step) ? point : best), null);
}

function path(svg, kind, points, scale) {
  if (points.length < 2) return;
  const d = points.map(([step, value], i) => `${i ? "L" : "M"}${scale.x(step).toFixed(1)},${scale.y(value).toFixed(1)}`).join("");
  svg.appendChild(make("path", { class: kind, d }));
}

function line(svg, kind, x1, y1, x2, y2) {
  return svg.appendChild(make("line", { class: kind, x1, y1, x2, y2 }));
}

function text(svg, x, y, words, anchor) {
  const node = make("text", { x, y, "text-anchor": anchor });
  node.textContent = words;
  svg.appendChild(node);
}

function make(name, attributes) {
  const node = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  return node;
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
