// Builds DOM nodes. Text always goes in as text: a caption can never become markup.

function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) setProp(node, key, value);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProp(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "data") Object.assign(node.dataset, value);
  else if (key in node && !key.startsWith("aria") && key !== "role") node[key] = value;
  else node.setAttribute(key, value === true ? "" : value);
}

function kbd(text) {
  return h("kbd", {}, text);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function kilobytes(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s left`;
  return `${Math.round(seconds / 60)} min left`;
}

const FLAG_WORDS = { too_small: "too small", odd_shape: "odd shape", empty: "nothing on it" };

function flagWord(name) {
  return FLAG_WORDS[name] || name.replaceAll("_", " ");
}

// A message at the lower edge that goes by itself.
function toast(root, message, seconds = 4) {
  root.querySelector(".toast")?.remove();
  const node = h("div.toast", { role: "status" }, message);
  root.append(node);
  setTimeout(() => node.remove(), seconds * 1000);
}

// A question before something large; answers true or false. Nothing is focused that Enter would fire by accident.
function confirmed(root, { title, detail, yes }) {
  return new Promise((resolve) => {
    const answer = (value) => { box.close(); box.remove(); resolve(value); };
    const box = h("dialog.box", { "aria-label": title, onkeydown: (event) => event.stopPropagation() },
      h("h2", {}, title), h("p.sub", {}, detail),
      h("div.line", {}, h("span.sp"),
        h("button.btn", { onclick: () => answer(false) }, "Cancel"),
        h("button.btn.p", { onclick: () => answer(true), data: { yes: "" } }, yes)));
    box.addEventListener("cancel", () => answer(false));
    root.append(box);
    box.showModal();
  });
}

// Keys for a component: those pressed inside it, and those pressed while nothing else wants them, as after opening
// the page. Answers a function that stops listening.
function listenForKeys(root, act) {
  const everywhere = (event) => {
    const [target] = event.composedPath();
    const used = ["Enter", " ", "Tab"].includes(event.key);
    if (target === document.body || (target.tagName === "A" && !used)) act(event);
  };
  root.addEventListener("keydown", act);
  document.addEventListener("keydown", everywhere);
  return () => document.removeEventListener("keydown", everywhere);
}

// A chip that opens the browser's own list of choices.
function menu(label, options, choose) {
  const shown = h("span", {}, label);
  const select = h("select", { "aria-label": label, onchange: () => { choose(select.value); select.blur(); } });
  let known = [];
  const fill = (wanted) => {
    if (JSON.stringify(wanted) === JSON.stringify(known)) return;
    known = wanted;
    select.replaceChildren(...known.map(([value, text]) => h("option", { value }, text)));
  };
  const set = (value) => {
    select.value = value;
    setText(shown, `${label}${label === "Columns" ? "" : ":"} ${known.find(([one]) => one === value)?.[1] ?? ""}`);
  };
  fill(options);
  return { node: h("label.chip.menu", {}, shown, select), set, fill };
}
