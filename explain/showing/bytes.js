// Builds what somebody opens of the bytes. `exploreBytes(data)` serves all drawers of the class `bytes` in the document.
//
// data: what `bytes_data` has written of the views. Returns `follow(id, offset)`, which picks a byte by its address:
// #r7.12 is byte 12 of the view r7, and #r7a.3 a byte of what was opened from it.
"use strict";
const exploreBytes = (data) => {
  const narrow = matchMedia("(max-width: 46rem)");

  const make = (tag, className = "", text = "") => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  // The parts of a view, unpacked; each with what is around it.
  const unpack = (row, around) => {
    const [label, start, end, value, what, why, section, bits, kind, inner, opened] = row;
    const part = {
      label: data.texts[label], start, end, around, opened,
      value: data.texts[value], what: data.texts[what], why: data.texts[why], section: data.texts[section],
      bits: data.texts[bits], kind: data.kinds[kind],
    };
    part.parts = inner.map((one) => unpack(one, part));
    return part;
  };

  const views = new Map();
  const viewOf = (id) => {
    if (!views.has(id)) {
      const [title, base64, rows, top] = data.views[id];
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const parts = rows.map((row) => unpack(row, null));
      const leaves = [];
      const walk = (part) => {
        if (part.parts.length) part.parts.forEach(walk);
        else for (let i = part.start; i < part.end; i++) leaves[i] = part;
      };
      parts.forEach(walk);
      views.set(id, { id, title, bytes, parts, leaves, top, cells: [] });
    }
    return views.get(id);
  };

  const openedFrom = (view) => {
    const found = [];
    const walk = (part) => {
      if (part.opened) found.push([part, viewOf(part.opened)], ...openedFrom(viewOf(part.opened)));
      part.parts.forEach(walk);
    };
    view.parts.forEach(walk);
    return found;
  };

  const hex = (number, digits) => number.toString(16).padStart(digits, "0");
  const path = (part) => (part.around ? [...path(part.around), part.around.label] : []);
  const range = (part) => {
    const count = part.end - part.start;
    return count === 1 ? `byte ${part.start}` : `bytes ${part.start} to ${part.end - 1}, ${count} of them`;
  };

  const excerpt = (bytes) => {
    const shown = [...bytes.subarray(0, 64)].map((byte) => hex(byte, 2)).join(" ");
    return bytes.length > 64 ? `${shown} …` : shown;
  };

  // Tells of one byte: of the part that it belongs to, and of itself.
  const tell = (explorer, view, index) => {
    const part = view.leaves[index];
    const byte = view.bytes[index];
    const teller = explorer.teller;
    teller.textContent = "";
    teller.append(make("p", "path", path(part).join(" › ")));
    teller.append(make("p", "label", part.label));
    const octets = /^\d+ (bytes|octets|bits)/.test(part.value);
    if (part.value) teller.append(make("p", "value", part.value));
    if (octets) teller.append(make("p", "octets", excerpt(view.bytes.subarray(part.start, part.end))));
    teller.append(make("p", "", sentence(part.what)));
    const reason = make("p", "reason");
    reason.append(make("b", "", "Why?"), ` ${sentence(part.why)}`);
    teller.append(reason);
    const whole = part.around;
    if (part.kind === "frame" && whole && part.label !== "contents") {
      teller.append(make("p", "around", `It belongs to ${whole.label}${whole.value ? ` (${whole.value})` : ""}: ${whole.what}.`));
    }
    const facts = make("dl");
    const fact = (name, text) => facts.append(make("dt", "", name), make("dd", "", text));
    fact("standard", part.section);
    fact("where", range(part));
    if (part.bits) {
      facts.append(make("dt", "", "bits"), make("dd"));
      for (const bits of part.bits.split(", ")) {
        const [digits, ...words] = bits.split(" ");
        const line = make("div");
        line.append(make("code", "", digits), words.join(" "));
        facts.lastChild.append(line);
      }
    }
    const sign = byte > 32 && byte < 127 ? `, “${String.fromCharCode(byte)}”` : "";
    fact("this byte", `${hex(byte, 2)} = ${byte} = ${byte.toString(2).padStart(8, "0")}${sign}`);
    teller.append(facts);
    const link = make("a", "id", `#${view.id}.${index}`);
    link.href = link.textContent;
    const address = make("p", "", "Address ");
    address.append(link);
    if (part.opened) {
      const inside = make("a", "", `See inside: ${viewOf(part.opened).title}`);
      inside.href = `#${part.opened}.0`;
      const more = make("p", "more");
      more.append(inside);
      teller.append(more);
    }
    teller.append(address);
  };

  const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "");

  const light = (view, index) => {
    const part = view.leaves[index];
    for (const cell of document.querySelectorAll(".cell.lit")) cell.classList.remove("lit");
    for (let i = part.start; i < part.end; i++) view.cells[i]?.classList.add("lit");
  };

  // Picks a byte: it has the keyboard's focus, and its address stands in the browser's.
  const pick = (explorer, view, index, { focus = true } = {}) => {
    for (const cell of explorer.element.querySelectorAll(".picked")) {
      cell.classList.remove("picked");
      cell.setAttribute("aria-selected", "false");
    }
    for (const cell of view.cells) cell.tabIndex = -1;
    const cell = view.cells[index];
    cell.classList.add("picked");
    cell.setAttribute("aria-selected", "true");
    cell.tabIndex = 0;
    if (focus) cell.focus({ preventScroll: true });
    explorer.picked = [view, index];
    light(view, index);
    tell(explorer, view, index);
    history.replaceState(null, "", `#${view.id}.${index}`);
  };

  const grid = (explorer, view, width) => {
    const element = make("div", "grid");
    element.setAttribute("role", "grid");
    element.setAttribute("aria-label", `${view.id}: ${view.title}, ${view.bytes.length} bytes. Arrow keys walk.`);
    element.dataset.id = view.id;
    for (let start = 0; start < view.bytes.length; start += width) {
      const row = make("div", "row");
      row.setAttribute("role", "row");
      const offset = make("span", "offset", hex(start, 4));
      offset.setAttribute("role", "rowheader");
      row.append(offset);
      for (let i = start; i < Math.min(start + width, view.bytes.length); i++) {
        const part = view.leaves[i];
        const cell = make("span", `cell k-${part.kind}`, hex(view.bytes[i], 2));
        if (i === part.start || i === start) cell.classList.add("first");
        if (i === part.end - 1 || i === start + width - 1) cell.classList.add("last");
        cell.setAttribute("role", "gridcell");
        cell.setAttribute("aria-label", `${hex(view.bytes[i], 2)}, ${part.label}, byte ${i}`);
        cell.setAttribute("aria-selected", "false");
        cell.dataset.i = i;
        cell.tabIndex = i ? -1 : 0;
        view.cells[i] = cell;
        row.append(cell);
      }
      element.append(row);
    }
    const indexOf = (event) => {
      const cell = event.target.closest(".cell");
      return cell ? Number(cell.dataset.i) : -1;
    };
    element.addEventListener("click", (event) => {
      if (indexOf(event) >= 0) pick(explorer, view, indexOf(event));
    });
    element.addEventListener("pointerover", (event) => {
      if (event.pointerType === "mouse" && indexOf(event) >= 0) {
        light(view, indexOf(event));
        tell(explorer, view, indexOf(event));
      }
    });
    element.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && explorer.picked) {
        light(...explorer.picked);
        tell(explorer, ...explorer.picked);
      }
    });
    element.addEventListener("keydown", (event) => {
      const at = indexOf(event);
      const last = view.bytes.length - 1;
      const row = at - (at % width);
      const to = {
        ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + width, ArrowUp: at - width,
        Home: event.ctrlKey ? 0 : row, End: event.ctrlKey ? last : Math.min(row + width - 1, last),
        PageDown: view.leaves[at]?.end, PageUp: view.leaves[at]?.start > 0 ? view.leaves[view.leaves[at].start - 1].start : 0,
        Enter: at, " ": at,
      }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      if (to >= 0 && to <= last) {
        pick(explorer, view, to);
        view.cells[to].scrollIntoView({ block: "nearest" });
      }
    });
    return element;
  };

  // The same parts as a list, for those who would rather read than point.
  const list = (explorer, view) => {
    const details = make("details", "list");
    details.append(make("summary", "", "The same as a list"));
    const items = (parts) => {
      const ol = make("ol");
      for (const part of parts) {
        const item = make("li");
        const button = make("button");
        button.type = "button";
        button.append(make("small", "", `${part.start} `), make("b", "", part.label));
        if (part.value) button.append(` ${part.value}`);
        button.addEventListener("click", () => {
          pick(explorer, view, part.start, { focus: false });
        });
        item.append(button);
        if (part.parts.length) item.append(items(part.parts));
        ol.append(item);
      }
      return ol;
    };
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) details.append(items(view.parts));
    });
    return details;
  };

  const explore = (details) => {
    if (details.explorer) return details.explorer;
    const view = viewOf(details.dataset.view);
    const element = make("div", "explorer");
    const rows = make("div", "rows");
    const teller = make("div", "teller");
    teller.setAttribute("aria-live", "polite");
    teller.setAttribute("role", "region");
    teller.setAttribute("aria-label", "What the byte is");
    teller.tabIndex = 0;
    const explorer = { element, teller, picked: null };
    details.explorer = explorer;
    const width = narrow.matches ? 8 : 16;
    for (const [part, one] of [[null, view], ...openedFrom(view)]) {
      const title = make("h4");
      title.append(make("span", "id", one.id), part ? `${part.label}, ${one.title}` : one.title);
      rows.append(title, grid(explorer, one, width), list(explorer, one));
    }
    element.append(rows, teller);
    details.querySelector(".inside").append(element);
    teller.append(make("p", "path", "Point at a byte, tap it, or walk there with the arrow keys."));
    return explorer;
  };

  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".bytes")) explore(event.target);
  }, true);

  return (id, offset) => {
    if (!Object.hasOwn(data.views, id)) return;
    const view = viewOf(id);
    const details = document.querySelector(`.bytes[data-view="${CSS.escape(view.top)}"]`);
    const index = Number(offset);
    if (!details || !Number.isInteger(index) || index < 0 || index >= view.bytes.length) return;
    details.open = true;
    const explorer = explore(details);
    pick(explorer, view, index);
    view.cells[index].scrollIntoView({ block: "center" });
  };
};
