"use strict";
// Moves the panels of the page through the months. Everything it shows lies in the page itself.
(async () => {
  const find = (id) => document.getElementById(id);
  const packed = find("months");

  async function unpack() {
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (one) => one.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  // Without it (an old browser) the page stays as it is without script.
  if (typeof DecompressionStream === "undefined") return;
  const { labels, keys, sides } = await unpack();
  const [slider, output, play] = [find("slider"), find("month"), find("play")];
  const veil = find("veil");
  const last = labels.length - 1;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const shown = new Map();
  let timer = 0;

  // A panel that stays as it was in the month before is not kept twice.
  function frame(list, month) {
    while (list[month] === null) month -= 1;
    return list[month];
  }

  function draw(panel, month) {
    const list = sides[panel.dataset.side][panel.dataset.panel];
    if (!list) return;
    const drawn = frame(list, month);
    if (shown.get(panel) === drawn) return;
    shown.set(panel, drawn);
    const place = panel.querySelector(".drawn");
    place.innerHTML = drawn;
    place.scrollTop = 0;
  }

  function show(month) {
    month = Math.min(last, Math.max(0, month));
    slider.value = month;
    const leads = Object.values(sides).map((side) => side.lead[month]);
    slider.setAttribute("aria-valuetext", `${labels[month]}: ${leads.join("; in the second, ")}`);
    output.textContent = labels[month];
    document.querySelectorAll(".panel").forEach((panel) => draw(panel, month));
    const at = Number(packed.dataset.first) + Number(packed.dataset.step) * Math.max(0, month - 1);
    document.querySelectorAll(".now").forEach((line) => (line.style.left = `${100 * at}%`));
    find("back").disabled = month === 0;
    find("on").disabled = month === last;
    try {
      const here = keys[month] ? `#${keys[month]}` : location.pathname;
      history.replaceState(null, "", veil.checked ? "#veiled" : here);
    } catch {
      // some browsers keep the address of a file as it is
    }
  }

  const now = () => Number(slider.value);

  function pause() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    output.setAttribute("aria-live", "polite");
  }

  function start() {
    if (now() === last) show(0);
    play.textContent = "Pause";
    output.setAttribute("aria-live", "off");
    timer = setInterval(() => (now() < last ? show(now() + 1) : pause()), calm.matches ? 1500 : 250);
  }

  const toggle = () => (timer ? pause() : start());

  function go(month) {
    pause();
    show(month);
  }

  const moves = { PageUp: 12, PageDown: -12, ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || find("dialog").open) return;
    const onSlider = event.target === slider;
    const free = onSlider || event.target === document.body || event.target === find("explore");
    if (event.key === " " && free) toggle();
    else if (onSlider && event.key in moves) go(now() + moves[event.key]);
    else if (onSlider && event.key === "Home") go(0);
    else if (onSlider && event.key === "End") go(last);
    else return;
    event.preventDefault();
  });
  slider.addEventListener("input", () => go(now()));
  play.addEventListener("click", toggle);
  find("back").addEventListener("click", () => go(now() - 1));
  find("on").addEventListener("click", () => go(now() + 1));

  // A member's card: all of his life, and how he stands in the month that is shown.
  function open(side, slot) {
    const card = find(`life-${side}-${slot}`);
    if (!card) return;
    pause();
    const copy = card.cloneNode(true);
    copy.removeAttribute("id");
    copy.querySelector("h4").id = "dialog-name";
    if (veil.checked) copy.replaceChildren(copy.querySelector("h4"));
    const mark = `.table[data-side="${side}"] [data-who="${slot}"] title`;
    const told = document.querySelector(mark);
    const moment = document.createElement("p");
    moment.className = "moment";
    moment.textContent = `${labels[now()]}\n${told ? told.textContent : "not in the body"}`;
    copy.querySelector("h4").after(moment);
    find("dialog").lastElementChild.replaceChildren(copy);
    find("dialog").showModal();
    find("dialog").scrollTop = 0;
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-life]");
    if (chip) open(...chip.dataset.life.split("-"));
    const seat = event.target.closest(".panel.table [data-who]");
    if (seat) open(seat.closest(".panel").dataset.side, seat.dataset.who);
    const leap = event.target.closest("[data-go]");
    if (leap) {
      go(Number(leap.dataset.go));
      find("explore").scrollIntoView({ behavior: calm.matches ? "auto" : "smooth" });
      find("explore").focus({ preventScroll: true });
    }
    const flow = event.target.closest(".flow");
    if (flow) {
      const box = flow.getBoundingClientRect();
      const at = (event.clientX - box.left) / box.width - Number(packed.dataset.first);
      go(Math.max(1, 1 + Math.round(at / Number(packed.dataset.step))));
    }
  });
  find("close").addEventListener("click", () => find("dialog").close());

  // Nothing is shown of later months, nor of the odds; a page opened as #veiled begins so.
  function hide() {
    document.body.classList.toggle("veiled", veil.checked);
    show(now());
  }
  veil.addEventListener("change", hide);

  document.documentElement.classList.add("js");
  veil.checked = location.hash === "#veiled";
  slider.value = Math.max(0, keys.indexOf(location.hash.slice(1)));
  hide();
})();
