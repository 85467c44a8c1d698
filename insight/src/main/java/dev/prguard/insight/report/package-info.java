/// The cost report of a period. [FactReader] asks, [CostReport] holds what came of it, and the
/// writers print it: `HtmlReport` with `Charts`, `PngReport`, `JsonReport`, `CsvReport`,
/// `MarkdownReport`, `TerminalSummary`.
@NullMarked
package dev.prguard.insight.report;

import org.jspecify.annotations.NullMarked;
