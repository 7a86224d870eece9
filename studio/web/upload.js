// Drop files or a folder, or choose them; each is streamed to the app's disk, two at a time.

const AT_ONCE = 2;

class UploadBox {
  constructor(parent, data, fire) {
    this.server = new Server(data);
    this.fire = fire;
    this.busy = false;
    this.words = h("div", {}, "Drop pictures or a folder here, or ");
    this.detail = h("div.sub");
    this.files = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.send([...this.files.files]) });
    this.root = h("div.cs.upload", {
      ondragover: (event) => { event.preventDefault(); this.root.classList.add("over"); },
      ondragleave: () => this.root.classList.remove("over"),
      ondrop: (event) => this.drop(event),
    }, this.words, this.files, this.detail);
    this.words.append(h("button.btn.s", { onclick: () => this.files.click() }, "choose files"));
    parent.append(this.root);
  }

  async drop(event) {
    event.preventDefault();
    this.root.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const found = entries.length ? (await Promise.all(entries.map(filesIn))).flat() : [...event.dataTransfer.files];
    this.send(found);
  }

  async send(files) {
    if (this.busy || !files.length) return;
    this.busy = true;
    const state = { done: 0, total: files.length, refused: [], files: [...files] };
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.worker(state)));
    this.busy = false;
    this.files.value = "";
    this.said(state);
    if (state.done > state.refused.length) this.fire("uploaded", { files: state.done - state.refused.length, at: Date.now() });
  }

  async worker(state) {
    while (state.files.length) {
      const file = state.files.shift();
      try {
        await this.put(file);
      } catch (error) {
        state.refused.push(`${file.name}: ${error.message}`);
      }
      state.done += 1;
      setText(this.detail, `${state.done} of ${plural(state.total, "file")}`);
    }
  }

  put(file) {
    const query = new URLSearchParams({ dataset: this.server.dataset, name: file.name });
    return this.server.ask(`${this.server.base}/api/upload?${query}`, {
      method: "POST", body: file, headers: { "X-Concept-Studio": this.server.token },
    });
  }

  said(state) {
    const good = state.done - state.refused.length;
    this.detail.replaceChildren(h("div", {}, `${plural(good, "file")} here, now read.`),
      ...state.refused.slice(0, 20).map((sentence) => h("div.bad", {}, sentence)),
      state.refused.length > 20 ? h("div.bad", {}, `and ${state.refused.length - 20} more`) : "");
  }
}

// Every file of a dropped entry, folders opened.
async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) return found;
    found.push(...(await Promise.all(part.map(filesIn))).flat());
  }
}

export default function mount({ data, parentElement, setTriggerValue }) {
  const known = parentElement.conceptStudioUpload;
  if (known) {
    known.server.update(data);
    known.fire = setTriggerValue;
    return () => known.root.remove();
  }
  const box = new UploadBox(parentElement, data, setTriggerValue);
  parentElement.conceptStudioUpload = box;
  return () => {
    box.root.remove();
    delete parentElement.conceptStudioUpload;
  };
}
