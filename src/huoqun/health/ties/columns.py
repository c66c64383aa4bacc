"""The figures of connection that are not SQL, described like a metric's header (docs/metrics.md lists them)."""

from __future__ import annotations

from ..registry import Column, Metric

GRAPH = Metric(
    name="graph",
    family="connection",
    per="group",
    zh="群友联系的结构",
    en="Shape of the ties",
    needs=("tie_groups", "tie_people", "ties"),
    method=("C11", "C17", "A24"),
    source=(
        "history: replies and mentions of the last 90 days of the group's own talk, inferred where people do not say whom they "
        "answer; unknown where neither is known"
    ),
    formula=(
        "two people are connected as in `pairs`. A component is a set of at least two people who reach one another over "
        "connections; its share counts members only, of all members who spoke. With staff: connections through staff and "
        "helpers count too (bots do not), members are still all that is counted. The k-core is what is left when people with "
        "fewer than k connections to those left are taken out again and again; core_k is the largest k that leaves somebody"
    ),
    definition_en=(
        "Whether the members hang together without staff, and how many hold so close together that the leaving of a few "
        "would not scatter them."
    ),
    definition_zh="不算自己人，群友还能不能连成一片；以及有多少人联系得足够紧，走掉几个也散不了。",
    columns=(
        Column(
            "largest_component_share",
            "fraction",
            "unknown",
            "连成一片的群友占比（不算自己人）",
            "members in the largest component, staff out",
        ),
        Column(
            "component_share_with_staff",
            "fraction",
            "unknown",
            "连成一片的群友占比（算上自己人）",
            "members in the largest component, with staff",
        ),
        Column("core_k", "whole", "unknown", "核心的紧密程度（k 核）", "k of the innermost core"),
        Column("core_people", "people", "unknown", "核心人数", "people in the innermost core"),
    ),
    sql="",
)
METRICS = (GRAPH,)
