// Kinds of chart for many things at once: map, flows between kinds, figures with intervals. Loaded before charts.js.
(() => {
  const PHONE = 576;
  const SHAPES = {
    disc: "circle",
    ring: "emptyCircle",
    half: "path://M6 1A5 5 0 0 0 6 11ZM6 1A5 5 0 0 1 6 11L6 9.4A3.4 3.4 0 0 0 6 2.6Z",
    down: "path://M1 2.5h10L6 11z",
    up: "path://M1 9.5h10L6 1z",
    bar: "path://M1 4.2h10v3.6H1z",
    cross: "path://M2.2 1 6 4.8 9.8 1 11 2.2 7.2 6 11 9.8 9.8 11 6 7.2 2.2 11 1 9.8 4.8 6 1 2.2z",
    flag: "path://M2 1h1.5v10H2zM4 1.5h7L9 4l2 2.5H4z",
    dots: "diamond",
  };
  const narrow = (box) => box.clientWidth < PHONE;

  // Charts are made after the kind has said how; whoever is clicked leads to its page.
  const follow = (box) =>
    queueMicrotask(() => {
      window.echarts.getInstanceByDom(box)?.on("click", ({ data }) => {
        if (data?.url) window.location.assign(data.url);
      });
    });

  const axis = (said, tools, more) => {
    const places = said.ticks.map(([place]) => place);
    const words = new Map(said.ticks);
    return {
      type: "value",
      name: said.name,
      nameTextStyle: { color: tools.ink("soft") },
      min: places[0],
      max: places[places.length - 1],
      axisLabel: { color: tools.ink("soft"), hideOverlap: true, customValues: places, formatter: (value) => words.get(value) ?? "" },
      axisTick: { show: false, customValues: places },
      axisLine: { show: false, onZero: false },
      splitLine: { lineStyle: { color: tools.ink("line") } },
      ...more,
    };
  };

  const middles = (chart, tools) => {
    const lines = [];
    if (tools.known(chart.x.middle)) lines.push({ xAxis: chart.x.middle });
    if (tools.known(chart.y.middle)) lines.push({ yAxis: chart.y.middle });
    const lineStyle = { color: tools.ink("quiet"), type: "dashed", width: 1 };
    return { symbol: "none", silent: true, animation: false, label: { show: false }, lineStyle, data: lines };
  };

  // What each quarter means stands in its corner, under the marks.
  const corners = (chart, tools, edges) =>
    chart.corners.map((text, i) => ({
      type: "text",
      silent: true,
      z: -1,
      [i % 2 ? "right" : "left"]: i % 2 ? edges.right + 6 : edges.left + 6,
      [i < 2 ? "top" : "bottom"]: i < 2 ? edges.top + 4 : edges.bottom + 4,
      style: { text, fill: tools.ink("soft"), font: `12px ${getComputedStyle(document.body).fontFamily}` },
    }));

  const map = (chart, box, tools) => {
    const small = narrow(box);
    box.style.height = small ? "24rem" : "30rem";
    const edges = { left: small ? 52 : 60, right: 12, top: small ? 64 : 56, bottom: 44 };
    const top = Math.max(1, ...chart.kinds.flatMap((kind) => kind.spots.map((spot) => spot[2])));
    const most = small ? 18 : 28;
    const size = (value) => Math.max(6, most * Math.sqrt(Math.max(0, value) / top));
    follow(box);
    return {
      ...tools.frame(),
      tooltip: {
        ...tools.frame().tooltip,
        formatter: ({ data }) => tools.tip(data.name, data.told),
      },
      legend: { ...tools.frame().legend, itemWidth: 12, itemHeight: 12, data: chart.kinds.map((kind) => kind.name) },
      grid: { ...edges },
      graphic: small ? [] : corners(chart, tools, edges),
      xAxis: axis(chart.x, tools, { nameLocation: "middle", nameGap: 28 }),
      yAxis: axis(chart.y, tools, { nameLocation: "end", nameGap: 12, nameTextStyle: { color: tools.ink("soft"), align: "left", padding: [0, 0, 0, -edges.left + 8] } }),
      series: chart.kinds.map((kind, i) => ({
        name: kind.name,
        type: "scatter",
        symbol: SHAPES[kind.shape] ?? "circle",
        symbolKeepAspect: true,
        color: tools.ink(kind.tone),
        itemStyle: { opacity: 0.7 },
        emphasis: { scale: 1.25, itemStyle: { opacity: 1, borderColor: tools.ink("ink"), borderWidth: 1 } },
        // The large ones first, so that the small ones lie above them and can be reached.
        data: kind.spots
          .slice()
          .sort((a, b) => b[2] - a[2])
          .map(([x, y, value, name, url, ...told]) => ({ value: [x, y], symbolSize: size(value), name, url, told: [[kind.name, ""], ...told.map((words, n) => [chart.told?.[n] ?? "", words])] })),
        markLine: i ? undefined : middles(chart, tools),
      })),
    };
  };

  // On a phone the newest columns only; the table has them all.
  const newest = (chart, most) => {
    const from = Math.max(0, chart.columns.length - most);
    const places = new Map();
    const stops = chart.stops.filter((stop, i) => stop[0] >= from && places.set(i, places.size));
    const streams = chart.streams.filter(([start]) => places.has(start)).map(([start, end, number]) => [places.get(start), places.get(end), number]);
    return { columns: chart.columns.slice(from), stops: stops.map(([column, ...rest]) => [column - from, ...rest]), streams };
  };

  const flows = (chart, box, tools) => {
    const small = narrow(box);
    const seen = newest(chart, small ? 3 : 13);
    box.style.height = small ? "24rem" : "28rem";
    const last = seen.columns.length - 1;
    const edges = { left: 8, right: small ? 92 : 120, top: 34, bottom: 12 };
    const width = box.clientWidth - edges.left - edges.right - 14;
    const label = (stop) => ({ show: stop[0] === last, position: "right", color: tools.ink("ink"), formatter: () => `${stop[1]} ${tools.written(stop[3])}` });
    const heads = seen.columns.map((words, i) => ({
      type: "text",
      silent: true,
      left: i === last ? edges.left + (last ? width : 0) - 24 : edges.left + (width * i) / Math.max(1, last),
      top: 4,
      style: { text: words, fill: tools.ink("soft"), font: `12px ${getComputedStyle(document.body).fontFamily}` },
    }));
    const when = (stop) => `${seen.columns[stop[0]]} ${stop[1]}`;
    return {
      ...tools.frame(),
      legend: { show: false },
      graphic: heads,
      tooltip: {
        ...tools.frame().tooltip,
        trigger: "item",
        formatter: ({ dataType, data, name }) => {
          if (dataType === "node") return tools.tip(when(seen.stops[name]), [["", tools.written(seen.stops[name][3])]]);
          const [start, end] = [seen.stops[data.source], seen.stops[data.target]];
          return tools.tip(`${start[1]} → ${end[1]}`, [[`${seen.columns[start[0]]} → ${seen.columns[end[0]]}`, tools.written(data.value)]]);
        },
      },
      series: [
        {
          type: "sankey",
          ...edges,
          layoutIterations: 0,
          nodeWidth: 12,
          nodeGap: 10,
          draggable: false,
          emphasis: { focus: "adjacency" },
          data: seen.stops.map((stop, i) => ({
            name: String(i),
            depth: stop[0],
            value: stop[3],
            itemStyle: { color: tools.ink(stop[2]), borderWidth: 0 },
            label: label(stop),
          })),
          links: seen.streams.map(([start, end, number]) => ({
            source: String(start),
            target: String(end),
            value: number,
            // Who stays is pale, who moves has the colour of where they go.
            lineStyle: {
              color: tools.ink(seen.stops[end][2]),
              opacity: seen.stops[start][1] === seen.stops[end][1] ? 0.12 : 0.45,
              curveness: 0.5,
            },
          })),
        },
      ],
    };
  };

  const spans = (chart, box, tools) => {
    box.style.height = `${Math.max(7, 4 + chart.rows.length * 1.9)}rem`;
    const points = (value) => `${value > 0 ? "+" : ""}${Math.round(100 * value)}`.replace("-", "−");
    const furthest = Math.max(0.05, ...chart.rows.flatMap(([, ...values]) => values.map((value) => Math.abs(value ?? 0))));
    const end = Math.ceil(20 * furthest) / 20;
    const bar = (params, api) => {
      const [from, to] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
      const stroke = { stroke: tools.ink("accent"), lineWidth: 2, fill: null };
      const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: stroke });
      const stop = (at) => line(at[0], at[1] - 4, at[0], at[1] + 4);
      return { type: "group", children: [line(...from, ...to), stop(from), stop(to)] };
    };
    const still = { symbol: "none", silent: true, animation: false, label: { show: false }, data: [{ xAxis: 0 }], lineStyle: { color: tools.ink("quiet"), type: "dashed" } };
    return {
      ...tools.frame(),
      legend: { show: false },
      grid: { ...tools.frame().grid, top: 8, right: 24 },
      tooltip: {
        ...tools.frame().tooltip,
        formatter: ({ dataIndex }) => {
          const [name, value, low, high] = chart.rows[dataIndex];
          const words = tools.known(low) ? `${points(value)} (${points(low)} … ${points(high)})` : points(value);
          return tools.tip(name, [[chart.name, words]]);
        },
      },
      xAxis: { type: "value", min: -end, max: end, axisLabel: { color: tools.ink("soft"), formatter: points, hideOverlap: true }, splitLine: { lineStyle: { color: tools.ink("line") } } },
      yAxis: { type: "category", data: chart.rows.map(([name]) => name), inverse: true, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: tools.ink("ink"), width: narrow(box) ? 110 : 200, overflow: "truncate" } },
      series: [
        { type: "custom", renderItem: bar, encode: { x: [0, 1], y: 2 }, silent: true, data: chart.rows.map(([, value, low, high], i) => [low ?? value, high ?? value, i]) },
        { type: "scatter", symbol: "circle", symbolSize: 10, color: tools.ink("accent"), data: chart.rows.map(([, value], i) => [value, i]), markLine: still },
      ],
    };
  };

  window.hqChartKinds = { ...(window.hqChartKinds ?? {}), map, flows, spans };
})();
