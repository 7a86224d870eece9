// The work that runs, in the top bar. Polls a small route; tells the page once when a job has ended.
const PAUSE = 2000;
const DOING = { ingest: "reading pictures", caption: "captioning", export: "writing export", train: "training", generate: "drawing", check: "checking" };

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let chip = parentElement.querySelector(".chip");
  if (!chip) {
    chip = document.createElement("div");
    chip.className = "chip";
    chip.innerHTML = '<span class="what"></span><div class="bar unknown"><i></i></div><span class="left"></span>';
    parentElement.appendChild(chip);
  }
  const known = new Set(data.jobs);
  let timer = 0;
  let gone = false;

  async function ask() {
    clearTimeout(timer);
    if (gone || document.visibilityState === "hidden") return;
    try {
      const answer = await fetch(`${data.prefix || ""}/api/jobs?dataset=${encodeURIComponent(data.dataset)}`);
      if (answer.ok) draw((await answer.json()).jobs);
    } catch {
      chip.querySelector(".left").textContent = "not reachable";
    }
    if (!gone) timer = setTimeout(ask, PAUSE);
  }

  function draw(jobs) {
    const active = jobs.filter((job) => job.state === "running" || job.state === "starting");
    const ended = [...known].filter((id) => !active.some((job) => job.id === id));
    if (ended.length) {
      ended.forEach((id) => known.delete(id));
      setTriggerValue("ended", ended.join(" "));
    }
    const job = active[0];
    chip.style.visibility = job ? "visible" : "hidden";
    if (!job) return;
    const share = job.total ? job.done / job.total : 0;
    chip.querySelector(".what").textContent = `${data.title} · ${DOING[job.kind] || job.kind}`;
    chip.querySelector(".bar").classList.toggle("unknown", !job.total);
    chip.querySelector("i").style.width = job.total ? `${Math.round(100 * share)}%` : "";
    chip.querySelector(".left").textContent = timeLeft(job);
    chip.title = job.message || "";
  }

  const onShow = () => ask();
  document.addEventListener("visibilitychange", onShow);
  parentElement.leave?.();
  parentElement.leave = () => {
    gone = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onShow);
  };
  ask();
  return () => parentElement.leave();
}

function timeLeft(job) {
  const seconds = job.seconds_left;
  if (seconds == null) return job.total ? `${job.done} of ${job.total}` : "";
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}
