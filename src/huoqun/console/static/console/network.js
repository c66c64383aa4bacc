// Who answers whom, as a picture that can be read: groups of people who talk with one another stand apart, only the strongest
// carry their names, and one person can be brought forward. Loaded before charts.js, which draws it.
(() => {
  const NAMED = 10;
  const TURN = Math.PI * (3 - Math.sqrt(5));
  const STEPS = 80;
  // As strong as the push of all others at the rim, so that the disc is filled evenly.
  const HOLD = 1.2;
  const LOOKS = {
    co_builder: { tone: "good", symbol: "diamond" },
    chatterbox: { tone: "amber", symbol: "triangle" },
    active: { tone: "accent", symbol: "circle" },
    onlooker: { tone: "quiet", symbol: "circle", hollow: true },
    house: { tone: "calm", symbol: "rect" },
  };
  const weightOf = ([, , there, back]) => there + back; // inferred messages are sums of probabilities already
  const put = (words, facts) => words.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

  const neighbours = (count, edges) => {
    const near = Array.from({ length: count }, () => new Map());
    for (const [a, b, weight] of edges) {
      near[a].set(b, (near[a].get(b) ?? 0) + weight);
      near[b].set(a, (near[b].get(a) ?? 0) + weight);
    }
    return near;
  };

  // One pass of moving each into the community it is most tied to, by modularity. The same data gives the same picture.
  const moved = (near, self) => {
    const home = near.map((_, i) => i);
    const weight = near.map((ties, i) => self[i] + [...ties.values()].reduce((sum, one) => sum + one, 0));
    const whole = weight.reduce((sum, one) => sum + one, 0) || 1;
    const total = [...weight];
    for (let round = 0, changed = true; changed && round < 12; round++) {
      changed = false;
      near.forEach((ties, i) => {
        const links = new Map([[home[i], 0]]);
        for (const [j, one] of ties) if (j !== i) links.set(home[j], (links.get(home[j]) ?? 0) + one);
        total[home[i]] -= weight[i];
        let best = home[i];
        const gain = (c) => (links.get(c) ?? 0) - (weight[i] * total[c]) / whole;
        for (const c of links.keys()) if (gain(c) > gain(best) + 1e-9) best = c;
        total[best] += weight[i];
        if (best !== home[i]) changed = true;
        home[i] = best;
      });
    }
    const order = new Map();
    return home.map((c) => order.get(c) ?? order.set(c, order.size).get(c));
  };

  const communities = (count, ties) => {
    let near = neighbours(count, ties.map((tie) => [tie[0], tie[1], weightOf(tie)]));
    let self = new Array(count).fill(0);
    let home = [...Array(count).keys()];
    for (let level = 0; level < 4; level++) {
      const next = moved(near, self);
      const fewer = Math.max(-1, ...next) + 1;
      home = home.map((c) => next[c]);
      if (fewer === near.length) break;
      const inside = new Array(fewer).fill(0);
      self.forEach((one, i) => (inside[next[i]] += one));
      const edges = [];
      near.forEach((links, i) =>
        links.forEach((one, j) => {
          if (next[i] === next[j]) inside[next[i]] += one;
          else if (i < j) edges.push([next[i], next[j], one]);
        }),
      );
      [near, self] = [neighbours(fewer, edges), inside];
    }
    return home;
  };

  // The largest community in the middle, each next one where it fits, spiralling outwards; wider than high, as the box is.
  const placed = (sizes, wide) => {
    const discs = [];
    const radius = (size) => 16 + 19 * Math.sqrt(size);
    for (const [i, size] of [...sizes.entries()].sort((x, y) => y[1] - x[1] || x[0] - y[0])) {
      const r = radius(size);
      for (let turn = 0; ; turn += 0.15) {
        const [x, y] = [4 * turn * Math.cos(turn) * wide, 4 * turn * Math.sin(turn)];
        if (discs.every((disc) => Math.hypot(disc.x - x, disc.y - y) > disc.r + r + 8)) {
          discs.push({ i, x, y, r });
          break;
        }
      }
    }
    return discs.sort((one, other) => one.i - other.i);
  };

  // Inside a community ties pull and people push, but nobody leaves the community's disc.
  const settle = (members, disc, ties) => {
    members.forEach((dot, i) => {
      const far = disc.r * 0.8 * Math.sqrt((i + 0.3) / members.length);
      Object.assign(dot, { x: far * Math.cos(i * TURN), y: far * Math.sin(i * TURN) });
    });
    const ideal = (1.5 * disc.r) / Math.sqrt(members.length);
    for (let step = 0; step < STEPS && members.length > 2; step++) {
      for (const dot of members) Object.assign(dot, { dx: -dot.x * HOLD, dy: -dot.y * HOLD });
      for (let i = 0; i < members.length; i++)
        for (let j = 0; j < i; j++) {
          const [a, b] = [members[i], members[j]];
          const [x, y] = [a.x - b.x, a.y - b.y];
          const push = (ideal * ideal * 0.5) / Math.max(x * x + y * y, 4);
          a.dx += x * push; a.dy += y * push; b.dx -= x * push; b.dy -= y * push;
        }
      for (const [a, b] of ties) {
        const [x, y] = [a.x - b.x, a.y - b.y];
        const pull = (0.12 * Math.hypot(x, y)) / ideal;
        a.dx -= x * pull; a.dy -= y * pull; b.dx += x * pull; b.dy += y * pull;
      }
      const most = ideal * 0.5 * (1 - step / STEPS);
      for (const dot of members) {
        const go = Math.min(1, most / (Math.hypot(dot.dx, dot.dy) || 1));
        dot.x += dot.dx * go;
        dot.y += dot.dy * go;
        const edge = Math.min(1, disc.r / (Math.hypot(dot.x, dot.y) || 1));
        dot.x *= edge;
        dot.y *= edge;
      }
    }
    for (const dot of members) Object.assign(dot, { x: dot.x + disc.x, y: dot.y + disc.y });
  };

  // Places are found once a picture and shape: what a filter hides leaves the others where they were.
  const layouts = new WeakMap();
  const layout = (chart, wide) => {
    const kept = layouts.get(chart);
    if (kept?.wide === wide) return kept.dots;
    const home = communities(chart.dots.length, chart.ties);
    const dots = chart.dots.map((_, i) => ({ i, home: home[i], weight: 0 }));
    for (const tie of chart.ties) for (const end of [tie[0], tie[1]]) dots[end].weight += weightOf(tie);
    const sets = [];
    for (const dot of [...dots].sort((x, y) => y.weight - x.weight || x.i - y.i)) (sets[dot.home] ??= []).push(dot);
    const discs = placed(sets.map((set) => set.length), wide);
    const inner = sets.map(() => []);
    for (const [a, b] of chart.ties) if (home[a] === home[b]) inner[home[a]].push([dots[a], dots[b]]);
    sets.forEach((set, i) => settle(set, discs[i], inner[i]));
    layouts.set(chart, { wide, dots });
    return dots;
  };

  const controlsOf = (box) => document.querySelector(`[data-network="${box.closest("[data-chart]").dataset.chart}"]`);
  const asked = (controls, chart) => {
    const off = new Set([...(controls?.querySelectorAll("[data-kind]:not(:checked)") ?? [])].map((one) => one.dataset.kind));
    const name = controls?.querySelector("[data-find]")?.value.trim() ?? "";
    const found = name ? chart.dots.findIndex(([own]) => own === name) : -1;
    const near = name && found < 0 ? chart.dots.findIndex(([own]) => own.toLowerCase().includes(name.toLowerCase())) : found;
    return { off, strong: controls?.querySelector("[data-strong]")?.checked ?? false, name, focus: near };
  };

  const seen = (chart, want) => {
    const shows = chart.dots.map(([, kind]) => !want.off.has(kind));
    const ties = chart.ties.filter(([a, b, there, back]) => shows[a] && shows[b] && (!want.strong || there + back >= chart.strong));
    return { shows, ties };
  };

  const standing = (ties, place) => {
    const own = ties.filter(([a, b]) => a === place || b === place);
    const sum = (pick) => own.reduce((all, tie) => all + pick(tie), 0);
    return {
      own,
      tied: own.length,
      given: Math.round(sum(([a, , there, back]) => (a === place ? there : back))),
      got: Math.round(sum(([a, , there, back]) => (a === place ? back : there))),
    };
  };

  // What the picture shows now, in words: read out when a filter or the search changes it.
  const tell = (controls, chart, want, { shows, ties }) => {
    const place = controls?.querySelector("[data-told]");
    if (!place) return;
    const { words } = chart;
    const tied = new Set(ties.flatMap(([a, b]) => [a, b]));
    const people = shows.filter(Boolean).length;
    const loose = people - [...tied].length;
    const whole = put(words.shown, { people, ties: ties.length }) + (loose ? ` ${put(words.loose, { loose })}` : "");
    if (!want.name) place.textContent = whole;
    else if (want.focus < 0) place.textContent = words.nobody;
    else {
      const { own, ...facts } = standing(ties, want.focus);
      const others = own.map((tie) => [chart.dots[tie[0] === want.focus ? tie[1] : tie[0]][0], Math.round(tie[2] + tie[3])]);
      const named = others.sort((x, y) => y[1] - x[1]).slice(0, 12).map(([name, count]) => `${name} ${count}`);
      place.textContent = [put(words.told, { name: chart.dots[want.focus][0], ...facts }), named.join(" · ")].join(" ");
    }
  };

  // The table below shows the people the picture shows.
  const hideRows = (box, shows) => {
    box.closest("[data-chart]").querySelectorAll("tbody tr").forEach((row, i) => (row.hidden = !shows[i]));
  };

  const option = (chart, box, { ink, tip, written, frame }) => {
    const controls = controlsOf(box);
    const want = asked(controls, chart);
    const now = seen(chart, want);
    const broad = box.clientWidth > 640;
    box.style.height = chart.dots.length > 80 ? "" : "22rem"; // a small group needs no large picture
    const dots = layout(chart, broad ? 1.9 : 0.9);
    const close = want.focus < 0 ? null : new Set([want.focus, ...standing(now.ties, want.focus).own.flatMap(([a, b]) => [a, b])]);
    const tied = new Set(now.ties.flatMap(([a, b]) => [a, b]));
    const strongest = dots.filter((dot) => now.shows[dot.i] && tied.has(dot.i)).sort((x, y) => y.weight - x.weight);
    const named = new Set(strongest.slice(0, broad ? NAMED : 5).map((dot) => dot.i));
    const most = Math.max(1, ...chart.dots.map(([, , messages]) => messages));
    const small = (chart.dots.length > 200 ? 0.65 : 1) * (broad ? 1 : 0.7);
    const { words } = chart;

    const node = ({ i, x, y }) => {
      const [name, kind, messages] = chart.dots[i];
      const look = LOOKS[kind] ?? LOOKS.onlooker;
      const pale = close && !close.has(i);
      return {
        id: String(i), name, x, y,
        symbol: look.symbol,
        symbolSize: small * (9 + 21 * Math.sqrt(messages / most)),
        itemStyle: {
          color: ink(look.hollow ? "wash" : look.tone), borderColor: ink(look.tone), borderWidth: look.hollow ? 1.5 : 0,
          opacity: pale ? 0.12 : tied.has(i) ? 0.95 : 0.4,
        },
        label: {
          show: close ? close.has(i) && (i === want.focus || close.size <= 25) : named.has(i),
          formatter: "{b}", position: "right", color: ink("ink"), fontSize: 12, fontWeight: i === want.focus ? "bold" : "normal",
          textBorderColor: ink("wash"), textBorderWidth: 3,
        },
      };
    };
    const link = ([a, b, there, back, certainty]) => {
      const own = a === want.focus || b === want.focus;
      const both = Math.min(there, back) >= chart.mutual;
      const clear = Math.min(0.75, 0.18 + 0.12 * Math.log2(1 + there + back)) * (0.4 + 0.6 * certainty);
      return {
        source: String(a), target: String(b),
        value: there + back,
        lineStyle: {
          color: ink(both ? "accent" : "quiet"),
          type: both ? "solid" : "dashed",
          width: Math.min(5, 0.7 + 0.6 * Math.log2(there + back + 1)),
          opacity: close ? (own ? 0.85 : 0.04) : dots[a].home === dots[b].home ? clear : clear * 0.55,
        },
      };
    };
    const about = ({ dataType, data }) => {
      if (dataType === "edge") {
        const [a, b, there, back] = now.ties.find((tie) => String(tie[0]) === data.source && String(tie[1]) === data.target);
        const [one, other] = [chart.dots[a][0], chart.dots[b][0]];
        return tip(`${one} – ${other}`, [[`${one} → ${other}`, written(there)], [`${other} → ${one}`, written(back)]]);
      }
      const [name, kind, messages] = chart.dots[Number(data.id)];
      const facts = standing(now.ties, Number(data.id));
      return tip(`${name} · ${chart.kinds[kind] ?? kind}`, [
        [words.messages, written(messages)], [words.tied, written(facts.tied)], [words.given, written(facts.given)], [words.got, written(facts.got)],
      ]);
    };

    tell(controls, chart, want, now);
    hideRows(box, now.shows);
    const zoom = Number(controls?.dataset.zoom ?? 1);
    return {
      ...frame(),
      legend: { show: false },
      tooltip: { ...frame().tooltip, formatter: about },
      series: [{
        type: "graph", layout: "none", preserveAspect: "contain", roam: zoom > 1 ? "move" : false, zoom, left: 24, right: broad ? 64 : 40, top: 24, bottom: 24,
        data: dots.filter((dot) => now.shows[dot.i]).map(node),
        links: now.ties.map(link),
        emphasis: { focus: "adjacency", label: { show: true }, lineStyle: { opacity: 0.85 } },
        blur: { itemStyle: { opacity: 0.12 }, lineStyle: { opacity: 0.04 } },
        labelLayout: { hideOverlap: true },
      }],
    };
  };

  const charts = new Map();
  const paint = (box) => {
    const { chart, tools } = charts.get(box);
    window.echarts.getInstanceByDom(box)?.setOption(option(chart, box, tools), { notMerge: true });
  };

  // Whoever is tapped stands in the search box, so that the picture can be told again without a mouse.
  const bring = (box) => ({ dataType, data }) => {
    const find = controlsOf(box)?.querySelector("[data-find]");
    if (!find || dataType !== "node") return;
    find.value = find.value === data.name ? "" : data.name;
    paint(box);
  };

  const network = (chart, box, tools) => {
    charts.set(box, { chart, tools });
    queueMicrotask(() => window.echarts.getInstanceByDom(box)?.on("click", bring(box)));
    return option(chart, box, tools);
  };

  const boxOf = (controls) => document.querySelector(`[data-chart="${controls.dataset.network}"] .chart-picture`);
  const changed = (event) => {
    const controls = event.target.closest?.("[data-network]");
    const box = controls && boxOf(controls);
    if (box && charts.has(box)) paint(box);
  };
  document.addEventListener("input", changed);
  document.addEventListener("submit", (event) => event.target.matches("[data-network]") && event.preventDefault());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-network] [data-zoom-by], [data-network] [data-clear]");
    if (!button) return;
    const controls = button.closest("[data-network]");
    const zoom = Number(controls.dataset.zoom ?? 1) * Number(button.dataset.zoomBy ?? 1);
    controls.dataset.zoom = Math.min(6, Math.max(1, zoom));
    if ("clear" in button.dataset) {
      controls.dataset.zoom = 1;
      controls.querySelector("[data-find]").value = "";
      for (const one of controls.querySelectorAll("input[type=checkbox]")) one.checked = "kind" in one.dataset;
    }
    paint(boxOf(controls));
  });

  window.hqChartKinds = { ...(window.hqChartKinds ?? {}), network };
})();
