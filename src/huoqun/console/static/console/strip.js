// House and members on the same days: members upwards, house downwards, so that days on which nobody of the house spoke are
// seen as gaps. Loaded before charts.js, which draws it.
(() => {
  const strip = (chart, box, { ink, tip, written, frame, colour }) => {
    const [up, down] = chart.series;
    const bar = (series, i, sign) => ({
      name: series.name,
      type: "bar",
      stack: "day",
      data: series.values.map((value) => (value === null ? null : sign * value)),
      color: colour(series, i),
      barCategoryGap: "12%",
    });
    const found = (rows) => {
      const i = rows[0].dataIndex;
      return tip(chart.labels[i], chart.series.map((series) => [series.name, written(series.values[i])]));
    };
    return {
      ...frame(),
      tooltip: { ...frame().tooltip, trigger: "axis", axisPointer: { type: "shadow" }, formatter: found },
      xAxis: {
        type: "category", data: chart.labels, axisTick: { show: false }, axisLine: { onZero: true, lineStyle: { color: ink("quiet") } },
        axisLabel: { color: ink("soft"), hideOverlap: true }, position: "bottom",
      },
      yAxis: {
        type: "value", minInterval: 1, splitLine: { lineStyle: { color: ink("line") } },
        axisLabel: { color: ink("soft"), formatter: (value) => written(Math.abs(value)) },
      },
      series: [bar(up, 0, 1), bar(down, 1, -1)],
    };
  };
  window.hqChartKinds = { ...(window.hqChartKinds ?? {}), strip };
})();
