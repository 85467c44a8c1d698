/// Spans in flight: the OpenTelemetry SDK's set-up, the local append as each span ends, delivery by
/// OTLP, and a bounded flush that says the truth.
@NullMarked
package dev.prguard.telemetry;

import org.jspecify.annotations.NullMarked;
