/// Metrics counted from spans, so that both say the same: by OTLP from a running review, and as
/// text for Prometheus from spans that are kept.
@NullMarked
package dev.prguard.trace.metric;

import org.jspecify.annotations.NullMarked;
