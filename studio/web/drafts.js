// What the server has not confirmed yet, in localStorage: texts from the first key on, and operations on their way.

class Drafts {
  constructor(dataset, client) {
    this.prefix = `concept-studio/${dataset}/`;
    this.client = client;
    this.works = true;
  }

  put(id, draft) {
    this.write(`draft/${this.client}/${id}`, draft);
  }

  get(id) {
    return this.read(`draft/${this.client}/${id}`);
  }

  drop(id, client = this.client) {
    this.write(`draft/${client}/${id}`, null);
  }

  // Texts that other pages have not sent, each with its page.
  others() {
    const names = this.keys("draft/").map((name) => name.split("/"));
    const others = names.filter(([client]) => client !== this.client);
    return others.map(([client, id]) => ({ ...this.read(`draft/${client}/${id}`), client, id: Number(id) }));
  }

  putOps(ops, client = this.client) {
    this.write(`ops/${client}`, ops.length ? ops : null);
  }

  // Operations that other pages left behind, by page.
  othersOps() {
    const others = this.keys("ops/").filter((client) => client !== this.client);
    return others.map((client) => ({ client, ops: this.read(`ops/${client}`) || [] }));
  }

  keys(kind) {
    const start = this.prefix + kind;
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
    } catch {
      return [];
    }
  }

  read(key) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + key));
    } catch {
      return null;
    }
  }

  write(key, value) {
    try {
      if (value === null) localStorage.removeItem(this.prefix + key);
      else localStorage.setItem(this.prefix + key, JSON.stringify(value));
    } catch {
      this.works = false;
    }
  }
}

// A page holds a lock while it lives. What belongs to a page without one may be taken over.
function holdLock(client) {
  let release = () => {};
  if (navigator.locks) {
    const gone = new Promise((resolve) => { release = resolve; });
    navigator.locks.request(`concept-studio/${client}`, () => gone).catch(() => {});
  }
  return release;
}

async function pageLives(client) {
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === `concept-studio/${client}`);
}
