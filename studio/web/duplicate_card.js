// One picture of a duplicate group: large, with the facts that decide, better ones green, worse ones red.

const ALMOST_EQUAL = 0.97;

function duplicateCard(member, number, group, context) {
  const kept = context.keep.has(member.id);
  return h(`button.card.dup${kept ? ".k" : ""}`,
    { "aria-pressed": String(kept), data: { id: member.id }, onclick: () => context.toggle(member.id), title: member.name },
    h("div.pic", {}, duplicatePicture(member, context.server)),
    h("div.facts", {}, ...factsOf(member, group).flatMap(([name, value, mark]) => [h("span", {}, name), h(`b${mark}`, {}, value)])),
    h(`div.keep.${kept ? "y" : "n"}`, {}, kept ? "Keep" : "Reject", number < 10 ? kbd(String(number)) : "",
      h("span.why", {}, whyOf(member, kept))));
}

function duplicatePicture(member, server) {
  const img = h("img", { alt: member.name, draggable: false });
  img.addEventListener("load", () => img.classList.add("there"));
  img.addEventListener("error", () => img.parentElement?.classList.add("missing"));
  img.src = server.full(member.sha);
  return img;
}

function factsOf(member, group) {
  const best = (key) => Math.max(...group.members.map(key));
  const differs = (key) => new Set(group.members.map(key)).size > 1;
  const mark = (key) => {
    if (!differs(key)) return "";
    if (key(member) === best(key)) return ".good";
    return key(member) < ALMOST_EQUAL * best(key) ? ".worse" : "";
  };
  const facts = [
    ["name", member.name, ""],
    ["size", `${member.w} × ${member.h}`, mark((one) => one.w * one.h)],
    ["file", `${member.format}, ${kilobytes(member.bytes)}`, mark((one) => one.bytes)],
    ["sharpness", String(member.sharpness), mark((one) => one.sharpness)],
    ["caption", member.caption || "none", ""],
  ];
  if (member !== group.members[0]) facts.push(["difference", member.relation, ""]);
  for (const copy of member.copies) facts.push(["same bytes", copy, ""]);
  return facts;
}

// The reason counts while the choice is the one that was suggested.
function whyOf(member, kept) {
  return kept === (member.suggestion === "keep") ? member.reason : "";
}
