// Draws the charts of a page from the JSON beside them. What a picture says, its table says too.
(() => {
  const drawn = new Map();
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--hq-${name}`).trim();
  const ROW = ["accent", "calm", "amber", "good", "red", "quiet"];
  const colour = (series, i) => ink(series.tone || ROW[i % ROW.length]);
  const known = (value) => value !== null && value !== undefined;
  const written = (value) => (known(value) ? value.toLocaleString("en-US", { maximumFractionDigits: 1 }) : "—");

  // An element, not a string of HTML: the content policy lets no style attribute through, and names are never markup.
  const tip = (head, rows) => {
    const box = document.createElement("div");
    box.className = "chart-tip";
    box.append(Object.assign(document.createElement("strong"), { textContent: head }));
    for (const [name, value] of rows) {
      const row = document.createElement("div");
      row.append(Object.assign(document.createElement("span"), { textContent: name }));
      row.append(Object.assign(document.createElement("b"), { textContent: value }));
      box.append(row);
    }
    return box;
  };

  const frame = () => ({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink("soft") },
    tooltip: { confine: true, backgroundColor: ink("wash"), borderColor: ink("line"), textStyle: { color: ink("ink") } },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: ink("soft") }, type: "scroll" },
    grid: { left: 8, right: 16, top: 36, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
  });
  const across = (labels) => ({
    type: "category",
    data: labels,
    axisLabel: { color: ink("soft"), hideOverlap: true },
    axisLine: { lineStyle: { color: ink("line") } },
    axisTick: { show: false },
  });
  const upwards = (extra) => ({
    type: "value",
    axisLabel: { color: ink("soft") },
    splitLine: { lineStyle: { color: ink("line") } },
    minInterval: 1,
    ...extra,
  });
  const byAxis = (chart, value = (series, i) => written(series.values[i])) => (found) => {
    const i = found[0].dataIndex;
    return tip(chart.labels[i], chart.series.map((series) => [series.name, value(series, i)]));
  };

  // Before and after a turn the group's own level, and the turn itself as a line with its words.
  const turnMarks = (chart) => {
    if (!chart.turns.length) return {};
    const last = chart.labels.length - 1;
    const lines = [];
    chart.turns.forEach((turn, i) => {
      const from = i ? chart.turns[i - 1].at : chart.labels[0];
      const to = i + 1 < chart.turns.length ? chart.turns[i + 1].at : chart.labels[last];
      const words = { formatter: turn.words, color: ink("amber"), position: "end", rotate: 0, distance: 4 };
      lines.push({ xAxis: turn.at, label: words, lineStyle: { color: ink("amber"), width: 1.5, type: "solid" } });
      const level = { lineStyle: { color: ink("amber"), type: "dashed" }, label: { show: false } };
      if (known(turn.before)) lines.push([{ coord: [from, turn.before], ...level }, { coord: [turn.at, turn.before] }]);
      if (known(turn.after)) lines.push([{ coord: [turn.at, turn.after], ...level }, { coord: [to, turn.after] }]);
    });
    return { markLine: { symbol: "none", silent: true, animation: false, data: lines } };
  };

  const line = (chart) => ({
    ...frame(),
    tooltip: { ...frame().tooltip, trigger: "axis", formatter: byAxis(chart) },
    legend: { ...frame().legend, show: chart.series.length > 1 },
    // The words of a turn stand above the picture, below the legend.
    grid: { ...frame().grid, top: 12 + (chart.series.length > 1 ? 24 : 0) + (chart.turns.length ? 20 : 0) },
    xAxis: { ...across(chart.labels), boundaryGap: false },
    yAxis: upwards(),
    series: chart.series.map((series, i) => ({
      name: series.name,
      type: "line",
      data: series.values,
      symbol: "circle",
      symbolSize: 4,
      showSymbol: chart.labels.length < 40,
      connectNulls: false,
      color: colour(series, i),
      lineStyle: { width: 1.75, type: ["solid", "dashed", "dotted"][i % 3] },
      ...(i ? {} : turnMarks(chart)),
    })),
  });

  const stack = (chart) => {
    const sums = chart.labels.map((_, i) => chart.series.reduce((sum, series) => sum + (series.values[i] ?? 0), 0));
    const part = (value, i) => (known(value) && sums[i] ? (100 * value) / sums[i] : null);
    const height = (value, i) => (chart.shares ? part(value, i) : value);
    const said = (series, i) =>
      chart.shares && known(series.values[i]) ? `${written(part(series.values[i], i))}% (${written(series.values[i])})` : written(series.values[i]);
    return {
      ...frame(),
      tooltip: { ...frame().tooltip, trigger: "axis", formatter: byAxis(chart, said) },
      xAxis: { ...across(chart.labels), boundaryGap: false },
      yAxis: upwards(chart.shares ? { max: 100, axisLabel: { color: ink("soft"), formatter: "{value}%" } } : {}),
      series: chart.series.map((series, i) => ({
        name: series.name,
        type: "line",
        stack: "whole",
        symbol: "none",
        data: series.values.map(height),
        color: colour(series, i),
        lineStyle: { width: 1 },
        // Two layers of one tone, such as thriving and steady, are told apart by their depth.
        areaStyle: { opacity: series.tone && chart.series.findIndex((one) => one.tone === series.tone) < i ? 0.25 : 0.6 },
      })),
    };
  };

  const bars = (chart) => {
    const names = { ...across(chart.labels), ...(chart.lying ? { inverse: true, axisLabel: { color: ink("soft"), width: 140, overflow: "truncate" } } : {}) };
    return {
      ...frame(),
      tooltip: { ...frame().tooltip, trigger: "axis", axisPointer: { type: "none" }, formatter: byAxis(chart) },
      legend: { ...frame().legend, show: chart.series.length > 1 },
      grid: { ...frame().grid, top: chart.series.length > 1 ? 36 : 8 },
      xAxis: chart.lying ? upwards() : names,
      yAxis: chart.lying ? names : upwards(),
      series: chart.series.map((series, i) => ({
        name: series.name,
        type: "bar",
        data: series.values,
        color: colour(series, i),
        barMaxWidth: 18,
        label: { show: chart.labels.length <= 20, position: chart.lying ? "right" : "top", color: ink("soft") },
      })),
    };
  };

  const CELL = { least: 12, most: 20 };
  const CALENDAR = {
    zh: { days: ["日", "一", "二", "三", "四", "五", "六"], months: [...Array(12)].map((_, i) => `${i + 1}月`) },
    en: { days: ["S", "M", "T", "W", "T", "F", "S"], months: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ") },
  };
  const calendar = (chart, box) => {
    const words = document.documentElement.lang.startsWith("zh") ? CALENDAR.zh : CALENDAR.en;
    // As many weeks as fit, the newest ones: a phone shows less of the past, the table all of it.
    const fits = Math.floor((box.clientWidth - 48) / CELL.least) - 1;
    const days = chart.days.slice(-7 * fits);
    const top = Math.max(1, ...days.map(([, value]) => value));
    const span = days.length ? [days[0][0], days[days.length - 1][0]] : [];
    const weeks = Math.ceil(days.length / 7) + 1;
    const cell = Math.max(CELL.least, Math.min(CELL.most, Math.floor((box.clientWidth - 48) / weeks)));
    box.style.height = `${24 + 7 * cell + 12}px`;
    return {
      ...frame(),
      legend: { show: false },
      tooltip: { ...frame().tooltip, formatter: ({ value }) => tip(value[0], [[chart.unit, written(value[1])]]) },
      // Roots, because a busy day would make all quiet days look the same; nothing said is a shade of its own.
      visualMap: { show: false, min: 0, max: Math.sqrt(top), dimension: 2, inRange: { color: [ink("wash"), ink("accent")] } },
      calendar: {
        range: span,
        left: 36,
        top: 24,
        cellSize: [cell, cell],
        itemStyle: { color: "transparent", borderColor: ink("line"), borderWidth: 1 },
        splitLine: { lineStyle: { color: ink("quiet"), width: 1 } },
        dayLabel: { firstDay: 1, nameMap: words.days, color: ink("soft"), fontSize: 11 },
        monthLabel: { nameMap: words.months, color: ink("soft"), fontSize: 11 },
        yearLabel: { show: false },
      },
      series: [
        {
          type: "heatmap",
          coordinateSystem: "calendar",
          data: days.map(([day, value]) => [day, value, value ? Math.sqrt(value) : 0]),
        },
      ],
    };
  };

  // Larger kinds have a file of their own, loaded before this one, that puts (chart, box, tools) => option into hqChartKinds.
  const tools = { ink, tip, written, known, frame, colour };
  const KINDS = { line, stack, bars, calendar, ...(window.hqChartKinds ?? {}) };

  const draw = (figure) => {
    const chart = JSON.parse(document.getElementById(`${figure.dataset.chart}-data`).textContent);
    const box = figure.querySelector(".chart-picture");
    drawn.get(figure)?.dispose();
    if (chart.kind === "bars" && chart.lying) box.style.height = `${Math.max(6, 2.5 + chart.labels.length * 1.75 * chart.series.length)}rem`;
    const option = KINDS[chart.kind](chart, box, tools); // may set the height, so before init
    const picture = window.echarts.init(box, null, { renderer: "canvas" });
    picture.setOption(option);
    drawn.set(figure, picture);
  };

  const drawAll = () => {
    for (const [figure, picture] of drawn) {
      if (!figure.isConnected) {
        picture.dispose();
        drawn.delete(figure);
      }
    }
    for (const figure of document.querySelectorAll("[data-chart]")) if (!drawn.has(figure)) draw(figure);
  };
  const redraw = () => [...drawn.keys()].forEach(draw);

  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
  document.addEventListener("huoqun:theme", redraw);
  let wait;
  window.addEventListener("resize", () => {
    clearTimeout(wait);
    wait = setTimeout(redraw, 150);
  });
})();
