// Builds what somebody opens: the bytes (see bytes.js), and the steps, from the JSON in the page.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;

  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (!details.open) return;
    if (details.matches(".steps")) {
      const inside = details.querySelector(".inside");
      if (!inside.children.length) inside.innerHTML = data.steps[details.dataset.steps]; // escaped where it was made
    }
    for (const command of details.querySelectorAll("pre.command:not(:has(button))")) copyable(command);
  }, true);

  const copyable = (pre) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(pre.querySelector("code").textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(pre.querySelector("code"));
        button.textContent = "Selected";
      }
    });
    pre.append(button);
  };

  // Addresses: #r7 is a piece, #r7.12 a byte of it.
  const pick = exploreBytes(data);
  const follow = () => {
    const [id, offset] = decodeURIComponent(location.hash.slice(1)).split(".");
    for (let at = document.getElementById(id); at; at = at.parentElement) if (at.matches("details")) at.open = true;
    if (offset !== undefined) pick(id, offset);
  };
  addEventListener("hashchange", follow);

  // Light and dark: the reader's system decides, until the reader does.
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const name = () => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-label", dark() ? "Change to light colours" : "Change to dark colours");
  };
  try {
    if (["light", "dark"].includes(localStorage.getItem("theme"))) root.dataset.theme = localStorage.getItem("theme");
  } catch { /* nothing is kept where that is forbidden */ }
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* as above */ }
    name();
  });
  system.addEventListener("change", name);
  name();

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details.facts, details.legend")) details.open = true;
  });
  follow();
})();
